"""Tests of the protocol, command by command, against running servers over real sockets."""
