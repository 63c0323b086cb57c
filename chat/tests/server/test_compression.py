"""A worker without a proxy compresses pages and static files, and adds random bytes to pages."""

import gzip

import pytest

from .test_head import static_path

pytestmark = pytest.mark.core

GZIP = {"Accept_Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_browsers_that_accept_it(site):
    alice = site.visitor("alice")
    plain, packed = alice.get("/rooms/lobby/"), alice.get("/rooms/lobby/", **GZIP)
    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    page = gzip.decompress(packed.body)
    assert b"<html" in page
    assert len(page) > 2 * len(packed.body)
    assert int(packed.headers["Content-Length"]) == len(packed.body)


def test_the_length_of_a_compressed_page_is_random(site):
    """BREACH (CVE-2013-3587) compares lengths; here the same page has many different ones."""
    alice = site.visitor("alice")
    lengths = {len(alice.get("/rooms/lobby/", **GZIP).body) for _ in range(20)}
    assert len(lengths) >= 10
    assert max(lengths) - min(lengths) >= 30


def test_a_static_file_is_served_precompressed(site):
    path = static_path(site)
    plain, packed = site.visitor().get(path), site.visitor().get(path, **GZIP)
    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
