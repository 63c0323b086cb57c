"""Files of messages: what type they are, what may be shown of them, and how they are served.

`attachments` (one folder up) has their rows. The modules here decide by the content of a file, never by its name.
"""
