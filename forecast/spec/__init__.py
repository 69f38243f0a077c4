"""What the analyst wrote: files read, fitted to the schema, checked."""
