"""Messages about what their author does: `/me waves` is shown as “*Ann* waves”.

The text keeps its `/me`: it is what the author edits and copies. The HTML has the rest of it in a paragraph with the
class `action`; a page shows the name of the author before it.
"""

import re

_ACTION = re.compile(r"<p>/me[^\S\n]+(?=\S)(?!<br>)")
_END = "</p>\n"


def mark(html: str) -> str:
    """Mark the paragraph of `html` if it is the only one and begins with `/me`, and take that out."""
    found = _ACTION.match(html)
    if found is None or html.find(_END) != len(html) - len(_END):
        return html
    return f'<p class="action">{html[found.end() :]}'
