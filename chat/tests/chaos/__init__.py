"""Chaos tests: 100 clients over real sockets, while connections are cut and processes are killed, in a seeded order.

`python -m chat.tests.chaos --seconds 60 --seed 1` runs one and prints a table; docs/reliability.md explains it.
"""
