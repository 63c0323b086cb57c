"""What a socket says, command by command: tests against running servers, over real sockets."""
