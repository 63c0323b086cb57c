"""Commands of the user model."""
