"""Analysis: what is asked of a file or of results, as numbers."""
