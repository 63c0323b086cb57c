"""How an event leaves: after the commit, encoded once, to the receivers of this process and to the channel layer."""
