"""What the analyst wrote, as a network of discrete questions over uncertain parameters."""
