"""Keeps files in a bucket of S3, or of a server that speaks its protocol: for a site with STORAGE_URL.

`requirements-s3.txt` has the libraries. Errors of the network and of the bucket are OSErrors, as those of a disk.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20
ATTEMPTS = 2
CONNECTIONS = 32
PART_BYTES = 8 * 1024 * 1024
"""Larger files are sent in parts of this size, each of which is held in memory."""
MEMORY_BYTES = 1024 * 1024
"""A file that is read goes through a temporary file if it is larger."""


class BucketStorage(S3Storage):
    """One bucket. `endpoint_url` is its server; `public_url` the address of the same server for browsers, if that is
    another one."""

    def __init__(self, *, public_url: str | None = None, **options):
        super().__init__(
            **options,
            file_overwrite=True,
            # No threads of their own: each would hold a part in memory.
            transfer_config=TransferConfig(
                use_threads=False, multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES
            ),
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": options.get("addressing_style") or "path"},
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                max_pool_connections=CONNECTIONS,
                # Other servers than Amazon's do not all know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            # What the bucket says of a file unless a signed address says otherwise: it is no page and no script.
            object_parameters={"ContentDisposition": "attachment", "ContentType": "application/octet-stream"},
        )
        self._public = BucketStorage(**options | {"endpoint_url": public_url}) if public_url else None
        self._making = threading.Lock()
        self._made = None

    @property
    def connection(self):
        """One for all threads, which its client allows. django-storages makes one for each, at 0.1 s and some MB."""
        with self._making:
            if self._made is None:
                self._made = super().connection
            return self._made

    def url(self, name, parameters=None, expire=None, http_method=None):
        """A signed address, computed without asking the bucket."""
        if self._public:
            return self._public.url(name, parameters, expire, http_method)
        return super().url(name, parameters, expire, http_method)

    def _open(self, name, mode="rb"):
        with self.errors():
            try:
                return BucketFile(self._normalize_name(name), "rb", self)
            except ClientError as error:
                if _is_missing(error):
                    raise FileNotFoundError(name) from error
                raise

    def _save(self, name, content):
        with self.errors():
            return super()._save(name, content)

    def delete(self, name):
        """Delete a file. One that is missing is no error."""
        with self.errors():
            super().delete(name)

    def exists(self, name):
        """Whether there is such a file."""
        with self.errors():
            return super().exists(name)

    def listdir(self, path):
        """The folders and files in a folder; none if it is missing."""
        with self.errors():
            return super().listdir(path)

    def size(self, name):
        """The bytes of a file."""
        with self.errors():
            return super().size(name)

    def get_modified_time(self, name):
        """When the file was stored."""
        with self.errors():
            return super().get_modified_time(name)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Convert the errors of the libraries to OSError."""
        try:
            yield
        except (BotoCoreError, ClientError, Boto3Error, RetriesExceededError) as error:
            raise OSError(f"The bucket {self.bucket_name} at {self.endpoint_url}: {error}") from error


class BucketFile(S3File):
    """A file of the bucket, for reading. It is fetched as a whole when it is first read, into a temporary file on the
    volume of the site's files: /tmp may be memory."""

    def _get_file(self):
        if self._file is None:
            folder = Path(settings.REQUEST_BODIES_FOLDER)
            folder.mkdir(parents=True, exist_ok=True)
            fetched = SpooledTemporaryFile(max_size=MEMORY_BYTES, dir=folder)  # noqa: SIM115 (`close` closes it)
            try:
                with self._storage.errors():
                    self.obj.download_fileobj(fetched, Config=self._storage.transfer_config)
                fetched.seek(0)
            except BaseException:
                fetched.close()
                raise
            self._file = fetched
        return self._file

    # The property of the parent class names the method of the parent class.
    file = property(_get_file, S3File._set_file)


def _is_missing(error: ClientError) -> bool:
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
