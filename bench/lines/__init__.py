"""The lines of the table. Lines that share their runs are in one module."""
