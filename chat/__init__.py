"""Group chat as a Django app. It works with any user model."""
