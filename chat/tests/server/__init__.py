"""Tests of `project.server` and `project.serving` over raw TCP, mostly with applications of the tests."""
