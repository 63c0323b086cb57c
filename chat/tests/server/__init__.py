"""`project.server` and `project.serving`: bytes in and bytes out, over raw TCP, with applications of the tests."""
