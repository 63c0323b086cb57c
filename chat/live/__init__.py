"""The socket's side: commands in, events out, one hub a process.

May know domain and events; never meets views.
"""
