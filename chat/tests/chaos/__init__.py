"""Nothing lost, doubled or out of order, whatever dies: 100 clients over real sockets, and a seeded plan of troubles.

`python -m chat.tests.chaos --seconds 60 --seed 1` runs it and prints a table; docs/reliability.md tells what it does.
"""
