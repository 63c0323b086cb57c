"""What a page's modules start with, read out of the page."""

import json
from html.parser import HTMLParser


class DataBlock(HTMLParser):
    """Finds the text of `<script id="page-data">`."""

    inside, text = False, ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script" and dict(attrs).get("id") == "page-data"

    def handle_data(self, data):
        if self.inside:
            self.text += data
            self.inside = False


def data_of(response) -> dict:
    """What the page's modules start with."""
    block = DataBlock()
    block.feed(response.content.decode())
    return json.loads(block.text)
