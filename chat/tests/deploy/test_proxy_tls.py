"""A site with a name: TLS, HTTP/2, and errors for other names."""

import ssl
import subprocess

import pytest

from chat.tests.client import Client
from chat.tests.services import wait_until

from .asking import curl


@pytest.fixture(scope="module")
def behind_proxy(start_behind_proxy):
    """A site at https://localhost, with a certificate of Caddy's own authority."""
    behind_proxy = start_behind_proxy(SITE_ADDRESS="localhost", proxy={"name": "localhost"})
    wait_until(lambda: "certificate obtained successfully" in behind_proxy.proxy.log, "the certificate")
    return behind_proxy


def test_pages_use_http_2_and_cookies_for_https_only(behind_proxy):
    response = curl(behind_proxy)
    assert response.startswith("HTTP/2 200")
    assert "alt-svc" not in response, "HTTP/3 is not published"
    assert "strict-transport-security: max-age=" in response
    cookie = next(line for line in response.splitlines() if line.startswith("set-cookie: csrftoken"))
    assert "Secure" in cookie


def test_a_client_without_http_2_is_served_by_http_1_1(behind_proxy):
    assert curl(behind_proxy, "--http1.1").startswith("HTTP/1.1 200")


def test_tls_1_1_is_refused(behind_proxy):
    with pytest.raises(subprocess.CalledProcessError):
        curl(behind_proxy, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")


async def test_alice_posts_over_tls_from_a_page_of_the_site(behind_proxy):
    session = behind_proxy.site.python(
        """
        from django.contrib.auth import get_user_model
        from django.test import Client
        client = Client()
        client.force_login(get_user_model().objects.get_by_natural_key("alice"))
        result = client.cookies["sessionid"].value
        """
    )
    options = {"ssl": ssl.create_default_context(cafile=behind_proxy.proxy.authority), "origin": behind_proxy.proxy.url}
    async with Client(behind_proxy.proxy.ws_url, session, rooms=["lobby"], **options) as alice:
        assert (await alice.post_message("lobby", "Hello over TLS"))["text"] == "Hello over TLS"


def test_a_form_of_the_site_is_accepted_and_one_of_a_page_without_tls_is_not(behind_proxy, tmp_path):
    cookies = ["--cookie-jar", tmp_path / "cookies", "--cookie", tmp_path / "cookies"]
    curl(behind_proxy, *cookies)
    token = (tmp_path / "cookies").read_text().split("csrftoken\t")[1].split()[0]
    form = ["--data", f"username=alice&password=wrong&csrfmiddlewaretoken={token}"]
    url = behind_proxy.proxy.url
    assert curl(behind_proxy, *cookies, *form, "--header", f"Referer: {url}/").startswith("HTTP/2 200")
    assert curl(behind_proxy, *cookies, *form, "--header", "Origin: http://localhost").startswith("HTTP/2 403")


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_another_name_under_our_certificate_is_refused(behind_proxy, version):
    assert curl(behind_proxy, version, "--header", "Host: evil.example").split()[1] == "421"


def test_another_name_has_no_certificate(behind_proxy):
    with pytest.raises(subprocess.CalledProcessError):
        curl(behind_proxy, "--insecure", url=f"https://evil.example:{behind_proxy.proxy.port}/")


def test_plain_http_redirects_to_https(behind_proxy):
    response = curl(behind_proxy, url=f"http://localhost:{behind_proxy.proxy.http_port}/rooms/lobby/")
    assert response.startswith("HTTP/1.1 308")
    assert "Location: https://localhost/rooms/lobby/" in response


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", "localhost.evil.example"])
def test_plain_http_with_another_name_gets_no_redirect(behind_proxy, name):
    response = curl(behind_proxy, "--header", f"Host: {name}", url=f"http://localhost:{behind_proxy.proxy.http_port}/")
    assert response.startswith("HTTP/1.1 421")
    assert "location" not in response.lower()


@pytest.mark.parametrize("header", ["X-Forwarded-Proto: http", "Forwarded: proto=http"])
def test_forged_headers_do_not_disable_https(behind_proxy, header):
    # For a form by HTTPS, Django requires a Referer of the site.
    response = curl(behind_proxy, "--header", header, "--data", "username=alice")
    assert response.startswith("HTTP/2 403")


def test_metrics_are_not_forwarded_by_http_2(behind_proxy):
    for path in ["/metrics", "//metrics", "/%6detrics", "/./metrics"]:
        response = curl(behind_proxy, "--path-as-is", url=behind_proxy.proxy.url + path)
        assert response.startswith("HTTP/2 404")
        assert "x-request-id" not in response, "a worker was asked"
