"""What happened, as facts: the shape of every event, once, and its way out after the commit.

May know models; nothing else.
"""
