"""What a site is: settings, addresses, and the server that accepts its sockets.

Nothing here knows what a message is.
"""
