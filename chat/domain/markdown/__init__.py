"""Markdown of messages to HTML that can be shown to anyone, and whom it mentions."""
