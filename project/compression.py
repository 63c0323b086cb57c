"""Compression of responses, except of files."""

from django.middleware import gzip


class GZipMiddleware(gzip.GZipMiddleware):
    """Django's middleware, which leaves out responses that can be asked for in parts.

    A range counts the bytes of one form of a file, and most files are compressed already.
    """

    def process_response(self, request, response):
        """The response, compressed if the client takes that."""
        if response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)
