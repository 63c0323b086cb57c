"""Where files are kept: pictures of people, files of messages, and static files."""

import importlib.util
from typing import Any

from .environment import BadSetting


def storages(bucket: dict[str, Any] | None, *, debug: bool) -> dict[str, dict[str, Any]]:
    """The entries of STORAGES. `bucket`: of files of messages, which are on the disk without one.

    Raises BadSetting if the libraries for a bucket are not installed.
    """
    if bucket and not importlib.util.find_spec("storages"):
        raise BadSetting("STORAGE_URL", "its libraries are not installed", "what requirements-s3.txt lists")
    disk: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {
        "default": disk,
        "files": {"BACKEND": "project.bucket_storage.BucketStorage", "OPTIONS": bucket} if bucket else disk,
        "staticfiles": {"BACKEND": plain if debug else "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
