"""Static files of a site through the proxy."""

import gzip
import re

import pytest

from chat.tests.server.raw import Raw

YEAR = "public, max-age=31536000, immutable"


def styles_of(page: str) -> list[str]:
    """The paths of a page's style sheets and scripts."""
    return re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)


def test_the_proxy_serves_static_files_compressed_and_cached_for_a_year(behind_proxy):
    visitor = behind_proxy.visitor()
    paths = styles_of(visitor.get("/accounts/login/").text)
    assert paths
    for path in paths:
        plain, packed = (
            visitor.get(path, Accept_Encoding="identity"),
            visitor.get(path, Accept_Encoding="gzip, zstd, br"),
        )
        assert (plain.status, plain.headers["Cache-Control"], plain.headers["Content-Encoding"]) == (200, YEAR, None)
        assert plain.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Request-ID" not in plain.headers, "a worker was asked"
        if (behind_proxy.site.folder / f"{path[1:]}.gz").exists():
            assert packed.headers["Content-Encoding"] == "gzip"
            assert packed.headers["Vary"] == "Accept-Encoding"
            assert gzip.decompress(packed.body) == plain.body
            # The precompressed file.
            assert packed.body == (behind_proxy.site.folder / f"{path[1:]}.gz").read_bytes()
            assert packed.headers["Cache-Control"] == YEAR
        again = visitor.get(path, If_None_Match=plain.headers["ETag"])
        assert again.status == 304


def test_a_name_without_a_hash_is_cached_for_a_minute(behind_proxy):
    answer = behind_proxy.visitor().get("/static/admin/css/base.css")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=60")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret_key",
        "/static/%2e%2e/parley.sqlite3",
        "/static/",
        "/static/admin/",
        "/static/no.0123456789ab.js",
    ],
)
def test_other_paths_are_not_served_and_not_cached(behind_proxy, path):
    with Raw(behind_proxy.proxy.port) as raw:
        head = raw.get(path)
    assert head.status == 404
    assert "immutable" not in head.headers.get("cache-control", "")


def test_files_that_only_the_workers_have_are_served_by_them(start_behind_proxy, tmp_path):
    visitor = start_behind_proxy(proxy={"FILES": tmp_path}).visitor()
    for path in styles_of(visitor.get("/accounts/login/").text):
        answer = visitor.get(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        assert "X-Request-ID" in answer.headers, "the proxy has it"
