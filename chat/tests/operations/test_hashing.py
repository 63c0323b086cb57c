"""Forms that hash a password have their own threads, so that pages are not delayed."""

import asyncio
import threading

import pytest
from django.test import RequestFactory
from django.urls import reverse

from project import http

FORMS = [
    ("login", ()),
    ("password_change", ()),
    ("password_reset_confirm", ("MQ", "set-password")),
    ("chat:setup", ("token",)),
    ("chat:invite", ("token",)),
    ("admin:people_user_add", ()),
    ("admin:auth_user_password_change", (1,)),
    ("admin:password_change", ()),
]


@pytest.mark.parametrize(("name", "args"), FORMS)
def test_a_form_that_hashes_a_password_is_recognised_by_its_path(name, args):
    address = reverse(name, args=args)
    assert http.hashes_password(RequestFactory().post(address))
    assert not http.hashes_password(RequestFactory().get(address))


def test_pages_that_hash_no_password_are_not_recognised():
    assert {name for name, _args in FORMS} == http.HASHING_VIEWS
    for address in ("/", "/rooms/lobby/join/", "/accounts/logout/", "/accounts/password_reset/", "/no/such/page"):
        assert not http.hashes_password(RequestFactory().post(address))


async def test_pages_are_served_while_all_threads_for_passwords_are_busy(settings):
    settings.HTTP_THREADS = 1
    handler, release = http.Handler(), threading.Event()

    def respond(request):
        if request.method == "POST":
            release.wait(20)
        return threading.current_thread().name

    handler._respond = respond
    sign_in, page = RequestFactory().post(reverse("login")), RequestFactory().get(reverse("login"))
    busy = [asyncio.ensure_future(handler.get_response_async(sign_in)) for _ in range(10)]
    try:
        assert (await asyncio.wait_for(handler.get_response_async(page), 10)).startswith("http_")
        assert not any(task.done() for task in busy)
        assert handler.waiting() == 10 - http.HASHING_THREADS
    finally:
        release.set()
    assert {name.split("_")[0] for name in await asyncio.gather(*busy)} == {"hashing"}


async def test_sign_in_gets_503_when_too_many_others_wait(monkeypatch):
    handler = http.Handler()
    monkeypatch.setattr(handler._hashing, "waiting", lambda: http.MAX_HASHING_WAITING)
    answer = await handler.get_response_async(RequestFactory().post(reverse("login")))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
