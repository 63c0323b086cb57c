"""`project.server` and `project.serving`: bytes in and bytes out, over raw TCP, with applications made for the tests."""
