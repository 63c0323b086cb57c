"""Gives the joined style sheets and scripts of pages to `collectstatic`."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from chat import scripts, stylesheets


class BundleFinder(finders.BaseFinder):
    """The files of `chat/stylesheets.py` and `chat/scripts.py`. With DEBUG, nobody asks for them."""

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> list[str]:
        """No bundle is a file of the project."""
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, InMemoryStorage]]:
        """The path of each bundle, and the storage that has it."""
        texts = {stylesheets.path(bundle): stylesheets.text(bundle) for bundle in stylesheets.BUNDLES}
        texts |= {scripts.path(script): scripts.text(script) for script in scripts.SCRIPTS}
        storage = InMemoryStorage()
        for path, text in texts.items():
            storage.save(path, ContentFile(text.encode()))
            yield path, storage
