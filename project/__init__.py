"""A site: settings, addresses, the server, operations, deployment. It mounts `chat` and knows nothing of messages."""

__version__ = "0.1.0"
