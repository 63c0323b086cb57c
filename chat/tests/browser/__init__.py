"""People at real pages: Chromium against a running site."""
