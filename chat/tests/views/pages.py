"""Reads the data block of a page."""

import json
from html.parser import HTMLParser


class DataBlock(HTMLParser):
    """Collects the text of `<script id="page-data">`."""

    inside, text = False, ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script" and dict(attrs).get("id") == "page-data"

    def handle_data(self, data):
        if self.inside:
            self.text += data
            self.inside = False


def data_of(response) -> dict:
    """The data block of a response, decoded."""
    block = DataBlock()
    block.feed(response.content.decode())
    return json.loads(block.text)
