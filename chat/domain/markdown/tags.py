"""The HTML of mentions and of pictures of custom emoji."""

from html import escape


def emoji_picture(name: str, path: str) -> str:
    """The picture of a custom emoji."""
    return f'<img class="emoji" src="{escape(path)}" alt=":{name}:" title=":{name}:">'


def mention_tag(who: object) -> str:
    """The tag that opens a mention: of a person by their id, or of `all` or `here`."""
    return f'<span class="mention" data-person="{who}">' if isinstance(who, int) else f'<span class="mention {who}">'
