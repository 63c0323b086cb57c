"""The entry point for sockets: commands in, events out. Each process has one hub.

It must not import other entry points, nor models directly.
"""
