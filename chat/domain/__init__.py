"""All rules of the chat as verbs: synchronous, without HTTP and without sockets.

It may import `chat.models`, `chat.protocol` and `chat.dispatch`. A verb that refuses raises one of `errors`.
"""
