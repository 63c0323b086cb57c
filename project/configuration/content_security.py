"""The Content-Security-Policy of all pages: nothing but what the site itself serves, and no inline code."""

from collections.abc import Mapping
from typing import Any

from csp.constants import NONE, SELF

from . import urls


def policy(bucket: Mapping[str, Any] | None) -> dict[str, Any]:
    """The setting `CONTENT_SECURITY_POLICY`. `bucket`: that of `STORAGE_URL`. Pages show pictures, sounds and videos
    from there: the site redirects to it after it has checked who asks."""
    from_bucket = [urls.bucket_origin(bucket)] if bucket else []
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, *from_bucket],
            "media-src": [SELF, *from_bucket],
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "form-action": [SELF],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
        }
    }
