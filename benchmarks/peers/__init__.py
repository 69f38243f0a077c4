"""What a user would write with other libraries for the same models."""
