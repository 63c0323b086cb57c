"""Real servers for tests: Redis, PostgreSQL, buckets and sites, on free ports and in temporary folders."""

from .bucket import Bucket
from .network import Network
from .postgres import Postgres
from .processes import Process, free_port, wait_until
from .redis import Redis
from .site import PASSWORD, Site
from .visitor import Answer, Visitor

__all__ = [
    "PASSWORD",
    "Answer",
    "Bucket",
    "Network",
    "Postgres",
    "Process",
    "Redis",
    "Site",
    "Visitor",
    "free_port",
    "wait_until",
]
