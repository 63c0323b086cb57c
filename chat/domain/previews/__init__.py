"""Previews of the links in a message: title, description and picture of the page behind a link.

A job fetches them after the message was posted (`fetching`), as a change of the message with a version. `links` finds
the links of a message, `files` keeps the pictures. `chat/previews` asks the foreign hosts.
"""
