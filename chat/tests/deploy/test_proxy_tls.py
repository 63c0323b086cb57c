"""A site that has a name: TLS, HTTP/2, and nothing for those who ask by another name."""

import ssl
import subprocess

import pytest

from chat.tests.client import Client
from chat.tests.services import wait_until

from .asking import curl


@pytest.fixture(scope="module")
def house(new_house):
    """A site at https://localhost, whose proxy has made itself a certificate."""
    house = new_house(SITE_ADDRESS="localhost", proxy={"name": "localhost"})
    wait_until(lambda: "certificate obtained successfully" in house.proxy.log, "the certificate")
    return house


def test_pages_come_by_http_2_with_cookies_for_https_alone(house):
    said = curl(house)
    assert said.startswith("HTTP/2 200")
    assert "alt-svc" not in said, "HTTP/3 is not published"
    assert "strict-transport-security: max-age=" in said
    cookie = next(line for line in said.splitlines() if line.startswith("set-cookie: csrftoken"))
    assert "Secure" in cookie


def test_an_older_client_is_served_by_http_1_1(house):
    assert curl(house, "--http1.1").startswith("HTTP/1.1 200")


def test_tls_1_1_is_refused(house):
    with pytest.raises(subprocess.CalledProcessError):
        curl(house, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")


async def test_alice_talks_over_tls_from_a_page_of_the_site(house):
    session = house.site.python(
        """
        from django.contrib.auth import get_user_model
        from django.test import Client
        client = Client()
        client.force_login(get_user_model().objects.get_by_natural_key("alice"))
        result = client.cookies["sessionid"].value
        """
    )
    options = {"ssl": ssl.create_default_context(cafile=house.proxy.authority), "origin": house.proxy.url}
    async with Client(house.proxy.ws_url, session, rooms=["lobby"], **options) as alice:
        assert (await alice.say("lobby", "Hello over TLS"))["text"] == "Hello over TLS"


def test_a_form_of_the_site_is_taken_and_one_of_a_plain_page_is_not(house, tmp_path):
    cookies = ["--cookie-jar", tmp_path / "cookies", "--cookie", tmp_path / "cookies"]
    curl(house, *cookies)
    token = (tmp_path / "cookies").read_text().split("csrftoken\t")[1].split()[0]
    form = ["--data", f"username=alice&password=wrong&csrfmiddlewaretoken={token}"]
    url = house.proxy.url
    assert curl(house, *cookies, *form, "--header", f"Referer: {url}/").startswith("HTTP/2 200")
    assert curl(house, *cookies, *form, "--header", "Origin: http://localhost").startswith("HTTP/2 403")


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_another_name_under_our_certificate_is_refused(house, version):
    assert curl(house, version, "--header", "Host: evil.example").split()[1] == "421"


def test_another_name_has_no_certificate(house):
    with pytest.raises(subprocess.CalledProcessError):
        curl(house, "--insecure", url=f"https://evil.example:{house.proxy.port}/")


def test_plain_http_leads_to_https(house):
    said = curl(house, url=f"http://localhost:{house.proxy.http_port}/rooms/lobby/")
    assert said.startswith("HTTP/1.1 308")
    assert "Location: https://localhost/rooms/lobby/" in said


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", "localhost.evil.example"])
def test_plain_http_by_another_name_leads_nowhere(house, name):
    said = curl(house, "--header", f"Host: {name}", url=f"http://localhost:{house.proxy.http_port}/")
    assert said.startswith("HTTP/1.1 421")
    assert "location" not in said.lower()


@pytest.mark.parametrize("header", ["X-Forwarded-Proto: http", "Forwarded: proto=http"])
def test_nobody_is_talked_out_of_https(house, header):
    # Django demands a Referer of the site where a form comes by HTTPS.
    said = curl(house, "--header", header, "--data", "username=alice")
    assert said.startswith("HTTP/2 403")


def test_metrics_are_not_asked_of_a_worker_by_http_2(house):
    for path in ["/metrics", "//metrics", "/%6detrics", "/./metrics"]:
        said = curl(house, "--path-as-is", url=house.proxy.url + path)
        assert said.startswith("HTTP/2 404")
        assert "x-request-id" not in said, "a worker was asked"
