"""Other servers to compare with: the least code each needs to broadcast a message. None stores anything."""
