"""The lines of the table, a module for those that share their runs."""
