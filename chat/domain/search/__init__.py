"""Search over messages and files: what was typed becomes a `Query`, and the database finds what the reader may see."""
