"""A site: settings, URLs, the server, operations, deployment. It mounts `chat` and does not depend on messages."""

__version__ = "0.1.0"
