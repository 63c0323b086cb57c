"""All rules of the chat as verbs: synchronous, without HTTP and without sockets.

May know models and events. It refuses by raising what `errors` defines.
"""
