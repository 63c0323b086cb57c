"""Converts the errors of the storage for pages that send a file."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.utils.translation import gettext as _

from chat.domain.errors import Unavailable


@contextmanager
def storage_errors() -> Iterator[None]:
    """404 for a file that is missing: a restored database may be older than the files. 503 while the storage does not
    answer."""
    try:
        yield
    except FileNotFoundError as error:
        raise Http404 from error
    except OSError as error:
        raise Unavailable(_("This file cannot be fetched now. Try again in a moment.")) from error
