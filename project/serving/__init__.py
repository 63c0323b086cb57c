"""A WebSocket and HTTP server for any ASGI application: Daphne with direct writes, limits, back-pressure and draining.

README.md explains the design. It must not import Django or `chat`. `handshake`, `request_head`, `forwarded`, `quota`,
`token_bucket`, `read_stall` and `backlog` are rules without I/O; `service` is the server that `project.server` starts.
"""
