"""The page `/wire/`: the example of the RFC with a key of one's own, and the connection doctor."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import expect

from chat.tests.deploy.fronts import at_ports, example, program
from chat.tests.services import Process, free_port

from .axe import violations
from .pages import by_mouse_and_touch

RFC_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def press(page, selector: str) -> None:
    """Click the button, or tap it on a touch screen."""
    button = page.locator(selector)
    button.tap() if page.evaluate("matchMedia('(pointer: coarse)').matches") else button.click()


def check(page, title: str):
    """The row of the check with this title."""
    return page.locator(".check").filter(has=page.get_by_role("heading", name=title, exact=True))


@pytest.mark.core
@by_mouse_and_touch
def test_alice_types_a_key_and_sees_how_the_accept_value_follows_from_it(site, open_page):
    alice = open_page(site, "alice", "/wire/")
    rfc = alice.locator("#wire-rfc")
    expect(rfc.locator(".wire-accept-value")).to_have_text([RFC_ACCEPT, RFC_ACCEPT])
    expect(rfc.locator(".wire-verdict")).to_have_text("The server computes the same value.")
    expect(rfc.locator(".wire-sha1-value")).to_have_text("b37a4f2cc0624f1690f64606cf385945b2bec4ea")
    expect(rfc.locator(".wire-key-text")).to_have_text("As text: “the sample nonce”")

    press(alice, "[data-random-key]")
    expect(rfc.locator(".wire-accept-value").first).not_to_have_text(RFC_ACCEPT)
    expect(rfc.locator(".wire-verdict")).to_have_text("The server computes the same value.")
    key = alice.locator("#wire-key").input_value()
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
    expect(rfc.locator(".wire-accept-value").last).to_have_text(base64.b64encode(digest).decode())

    alice.locator("#wire-key").fill("dGhlIHNhbXBsZSBub25jZSE=")
    expect(rfc.locator("#wire-key-problem")).to_contain_text("This is base64 of 17 bytes. A key has 16 bytes")
    expect(alice.locator("#wire-key")).to_have_attribute("aria-invalid", "true")
    expect(rfc.locator(".wire-verdict")).to_be_empty()
    alice.locator("#wire-key").fill("<b>bold</b>")
    expect(rfc.locator("#wire-key-problem")).to_contain_text("“<” is not a character of base64")
    press(alice, "[data-rfc-key]")
    expect(rfc.locator("#wire-key-problem")).to_be_empty()
    expect(rfc.locator(".wire-accept-value").first).to_have_text(RFC_ACCEPT)


def test_a_server_that_does_not_answer_is_told_apart_from_a_wrong_key(site, open_page):
    def lose_requests(page):
        page.route("**/wire/accept/**", lambda route: route.abort())

    alice = open_page(site, "alice", "/wire/", before=lose_requests)
    expect(alice.locator(".wire-verdict")).to_contain_text("computed by this browser alone")
    expect(alice.locator(".wire-accept-value").first).to_have_text(RFC_ACCEPT)


@by_mouse_and_touch
def test_the_doctor_finds_nothing_wrong_and_its_result_can_be_copied(site, open_page, hand):
    name = f"doctor-{hand}"
    site.add_person(name)
    page = open_page(site, name, "/wire/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "[data-run]")
    expect(check(page, "Another host name")).to_have_attribute("data-outcome", "ok")
    expect(check(page, "Quiet connection")).to_have_attribute("data-outcome", "running")
    expect(check(page, "Quiet connection").get_by_role("progressbar")).to_be_visible()
    press(page, "[data-skip]")
    expect(page.locator(".doctor-summary")).to_have_text("No problem found. There is nothing to change.")
    expect(page.locator("[data-skip]")).to_be_hidden()
    expect(check(page, "Quiet connection")).to_have_attribute("data-outcome", "skipped")
    expect(page.locator('.check[data-outcome="ok"]')).to_have_count(13)

    assert violations(page) == []

    press(page, "[data-copy]")
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"Connection report of {site.url}\n20")
    assert "\n\nFrom this browser\nOK       This page: " in copied
    assert "OK       A page of another site: A page of another site is refused with 403.\n" in copied


def test_a_guest_may_run_the_checks_and_is_not_told_the_address_of_the_server(site, open_page):
    guest = open_page(site, None, "/wire/", url=f"http://localhost:{site.port}")
    press(guest, "[data-run]")
    expect(check(guest, "Connection to the proxy").locator(".check-sentence")).to_have_text(
        f"localhost accepts connections on port {site.port}, without TLS."
    )
    press(guest, "[data-skip]")
    expect(guest.locator(".doctor-summary")).to_have_attribute("data-outcome", "ok")


def test_a_quiet_connection_that_lasts_is_fine_and_the_checks_can_run_again(make_site, open_page):
    site = make_site(PING_INTERVAL_S=1, GUEST_RATE=0)
    alice = open_page(site, "alice", "/wire/")
    press(alice, "[data-run]")
    expect(check(alice, "Quiet connection").locator(".check-sentence")).to_have_text(
        re.compile(r"sent nothing for [78] s still works")
    )
    press(alice, "[data-run]")
    expect(check(alice, "Quiet connection")).to_have_attribute("data-outcome", "running")
    press(alice, "[data-skip]")
    expect(alice.locator(".doctor-summary")).to_have_attribute("data-outcome", "ok")


# --- Behind a proxy with one thing broken


class PlainNginx(Process):
    """nginx without TLS, with the example of docs/proxies.md and one change of it."""

    def __init__(self, folder, site, port: int, old: str, new: str):
        text = at_ports(example("nginx"), site).replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
        text = re.sub(r"ssl_certificate.*;", "", text)
        assert old in text
        places = [f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
        whole = ["daemon off;", f"pid {folder}/pid;", "error_log stderr;", "events {}", "http {", "access_log off;"]
        (folder / "nginx.conf").write_text("\n".join([*whole, *places, text.replace(old, new), "}"]))
        command = [program("nginx"), "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]
        super().__init__("nginx", command, port, log=folder / "nginx.log")


@pytest.fixture
def behind_nginx(new_site, tmp_path):
    """Function that starts a site behind nginx with one change of its example; returns the site and its address."""
    started = []

    def start(old: str, new: str, **variables):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        known = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": "chat.example.com,127.0.0.1", "SITE_URL": url}
        site = new_site(workers=2, redis=True, GUEST_RATE=0, **known, **variables)
        started.append(site)
        site.start()
        started.append(PlainNginx(tmp_path, site, port, old, new))
        started[-1].start()
        return site, url

    yield start
    for each in reversed(started):
        each.stop()


def test_the_doctor_names_missing_upgrade_headers(behind_nginx, open_page):
    site, url = behind_nginx("proxy_set_header Upgrade $http_upgrade;", "")
    alice = open_page(site, "alice", "/wire/", url=url)
    press(alice, "[data-run]")
    expect(alice.locator(".doctor-summary")).to_have_text("2 checks failed.")
    seen = check(alice, "Upgrade to a WebSocket")
    expect(seen).to_have_attribute("data-outcome", "failed")
    expect(seen).to_contain_text("the browser reports code 1006 and hides the server's answer")
    expect(check(alice, "Large frame")).to_have_attribute("data-outcome", "not_run")
    named = check(alice, "Upgrade, header by header")
    expect(named.locator(".check-sentence")).to_have_text(
        "The upgrade is answered with 426: it did not reach the site as one."
    )
    expect(named.locator(".check-advice")).to_contain_text("proxy_set_header for Upgrade and Connection")


def test_the_doctor_names_a_short_idle_time_out(behind_nginx, open_page):
    change = "proxy_pass http://parley; proxy_read_timeout 2s;"
    site, url = behind_nginx("proxy_pass http://parley;", change, PING_INTERVAL_S=10)
    alice = open_page(site, "alice", "/wire/", url=url)
    press(alice, "[data-run]")
    expect(alice.locator(".doctor-summary")).to_have_text("One check failed.")
    quiet = check(alice, "Quiet connection")
    expect(quiet).to_contain_text(re.compile(r"was ended after [2-4] s with code 1006"))
    expect(quiet.locator(".check-advice")).to_contain_text("proxy_read_timeout")
