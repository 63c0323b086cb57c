"""The protocol, defined once: the schemas of things, events, commands, replies and errors, and their JSON.

Sockets and pages send these schemas. docs/protocol.md and the TypeScript declarations are generated from them. The
package uses Pydantic only: no Django, and no other package of `chat`.
"""
