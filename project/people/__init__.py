"""The site's own user model and its admin. `chat` works with any user model; this is the one that Parley uses."""
