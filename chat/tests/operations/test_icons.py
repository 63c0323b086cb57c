"""The icons and the manifest that browsers and phones request at fixed paths, without a session."""

import io
import json

import pytest
from PIL import Image

from chat.tests.server.raw import status_of

pytestmark = pytest.mark.core

ICONS = {
    "/favicon.ico": ("image/x-icon", (48, 48)),
    "/apple-touch-icon.png": ("image/png", (180, 180)),
    "/icon-192.png": ("image/png", (192, 192)),
    "/icon-512.png": ("image/png", (512, 512)),
}


@pytest.mark.parametrize("path", ICONS)
def test_an_icon_is_an_image_of_its_type_and_size(site, path):
    answer = site.visitor().get(path)
    content_type, size = ICONS[path]
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)
    assert Image.open(io.BytesIO(answer.body)).size == size
    assert "Set-Cookie" not in answer.headers
    assert status_of(site.port, f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()) == 200


def test_the_manifest_has_the_sites_name_and_existing_icons(site):
    name = 'The "Harbour" & Lights\' </script> \\ crew'
    rename = "from chat.models import Site\nSite.objects.update(name=name)"
    site.python(rename, name=name)
    try:
        answer = site.visitor().get("/manifest.webmanifest")
    finally:
        site.python(rename, name="Parley")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/manifest+json")
    manifest = json.loads(answer.text)
    assert manifest["name"] == name
    assert {icon["src"] for icon in manifest["icons"]} <= ICONS.keys()


def test_pages_link_the_manifest_and_the_touch_icon(site):
    page = site.visitor().get("/accounts/login/").text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert '<link rel="apple-touch-icon" href="/apple-touch-icon.png">' in page
