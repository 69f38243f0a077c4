"""What people see: a frozen `Summary`, or the faults of a file, as text.

Pure functions: each returns its text, and the caller decides where it goes.
"""
