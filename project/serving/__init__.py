"""Daphne made fit for a chat: limits, back-pressure, direct writes, an orderly end. Knows no Django and no message.

`handshake`, `request_head`, `forwarded`, `budget` and `pace` are rules without I/O; `service` is the server that
`project.server` starts.
"""
