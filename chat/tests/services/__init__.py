"""What tests start for real: Redis, PostgreSQL and whole sites, on free ports, in folders that go away with them."""

from .network import Network
from .postgres import Postgres
from .processes import Process, free_port, wait_until
from .redis import Redis
from .site import PASSWORD, Site
from .visitor import Answer, Visitor

__all__ = [
    "PASSWORD",
    "Answer",
    "Network",
    "Postgres",
    "Process",
    "Redis",
    "Site",
    "Visitor",
    "free_port",
    "wait_until",
]
