"""The peers: the least each of them needs to say one person's message to all. None stores anything."""
