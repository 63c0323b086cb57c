"""The page of one's profile, pictures, and the name of a guest."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chat.domain import people, pictures, profiles
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db

PLAIN = {"theme": "system", "clock": "auto", "density": "normal", "enter": "send"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hers(alice):
    client = Client()
    client.force_login(alice)
    return client


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 200), "red").save(out, "PNG")
    return out.getvalue()


def upload(client, content: bytes, name="me.png", kind="image/png"):
    return client.post("/profile/picture/", {"picture": SimpleUploadedFile(name, content, kind)}, follow=True)


def fresh(user):
    return people.as_person(people.load(user.pk))


def test_alice_changes_her_profile(hers, alice):
    given = PLAIN | {
        "display_name": "Alice Archer",
        "title": "Smith",
        "status_emoji": "🌴",
        "status_text": "On holiday",
    }
    answer = hers.post("/profile/", given | {"status_ends": "60"}, follow=True)
    assert "Your profile was saved." in answer.text
    assert fresh(alice).name == "Alice Archer"
    assert fresh(alice).status.until is not None
    kept = hers.post("/profile/", given | {"status_ends": "keep"}, follow=True)
    assert kept.status_code == 200
    assert fresh(alice).status.until is not None


@pytest.mark.parametrize(
    ("field", "value"), [("display_name", "bob"), ("status_emoji", "abc"), ("theme", "pink"), ("title", "x" * 81)]
)
def test_a_wrong_field_is_shown_with_its_error_and_nothing_is_stored(hers, alice, bob, field, value):
    answer = hers.post("/profile/", PLAIN | {"display_name": "Not stored", "title": "Smith", field: value})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert fresh(alice).version == 0
    assert people.profile_of(people.load(alice.pk)).title == ""
    assert "Not stored" not in answer.text.partition("<form")[0]


def test_the_theme_the_density_and_the_clock_are_in_the_first_line_of_every_page(hers, alice, garden):
    profiles.change(user=alice, theme="dark", density="compact", clock="24")
    for address in ("/rooms/", "/rooms/garden/", "/profile/", "/unread/", "/mentions/", "/wire/", "/nothing/"):
        page = hers.get(address).text
        assert 'data-theme="dark" data-density="compact" data-clock="24"' in page, address
        assert re.search(r'dark\.css" media="screen">', page), address
    profiles.change(user=alice, theme="light")
    assert re.search(r'dark\.css" media="not all">', hers.get("/profile/").text)


def test_a_visitor_is_sent_to_sign_in(client, alice):
    assert client.get("/profile/")["Location"].startswith("/accounts/login/")
    assert upload(client, png()).redirect_chain[0][0].startswith("/accounts/login/")


def test_a_picture_is_stored_and_served_privately_without_guessing_its_type(hers, alice, bob):
    assert "Your picture was changed." in upload(hers, png()).text
    path = fresh(alice).avatar
    his = Client()
    his.force_login(bob)
    answer = his.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "immutable"} <= set(re.split(r",\s*", answer["Cache-Control"]))
    assert his.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert Image.open(BytesIO(answer.content)).size == (256, 256)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a<script>alert(1)</script>", b""])
def test_a_file_that_lies_about_its_type_is_refused(hers, alice, content):
    answer = upload(hers, content)
    assert "Your picture was changed." not in answer.text
    assert fresh(alice).avatar is None


def test_without_a_file_the_page_asks_for_one(hers):
    assert "Choose a file first." in hers.post("/profile/picture/", follow=True).text


def test_a_picture_is_found_by_its_owner_and_its_name_only(hers, alice, bob):
    upload(hers, png())
    path = fresh(alice).avatar
    for wrong in (path.replace(f"/{alice.pk}/", f"/{bob.pk}/"), re.sub(r"\w{32}", "0" * 32, path)):
        assert hers.get(wrong).status_code == 404
    pictures.delete(people.load(alice.pk).chat_profile.avatar.name)
    assert hers.get(path).status_code == 404


def test_guests_see_the_pictures_of_people_who_write_where_guests_may_read(hers, alice, garden, harbour, client):
    garden.memberships.filter(user=alice).delete()
    upload(hers, png())
    path = fresh(alice).avatar
    garden.messages.filter(author=alice).delete()
    assert client.get(path).status_code == 404
    post_message(garden, alice)
    assert client.get(path).status_code == 200


def test_too_many_changes_of_a_profile_are_refused(hers, settings, monkeypatch):
    from chat.domain import throttle

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "profile"}}
    throttle.cache.clear()
    monkeypatch.setattr(throttle, "clock", lambda: 1_000_000.0)
    answers = [hers.post("/profile/", PLAIN).status_code for _ in range(21)]
    assert (answers[:20], answers[20]) == ([302] * 20, 429)


def test_a_guest_chooses_a_name(client, garden, alice):
    assert client.get("/rooms/garden/").status_code == 200
    refused = client.post("/guest/", {"name": "Al1ce"})
    assert "looks like that of another person" in refused.text
    assert client.post("/guest/", {"name": "Marina"}).status_code == 302
    assert "Marina" in client.get("/rooms/garden/").text


def test_a_guest_who_chooses_a_name_comes_back_to_the_room(client, garden, harbour):
    client.get("/rooms/garden/")
    form = client.get("/guest/", headers={"Referer": "http://testserver/rooms/garden/7/"}).content.decode()
    assert '<input type="hidden" name="room" value="garden">' in form
    assert client.post("/guest/", {"name": "Marina", "room": "garden"})["Location"] == "/rooms/garden/"
    for room in ("harbour", "nowhere", "//evil.example", ""):
        assert client.post("/guest/", {"name": "Marina", "room": room})["Location"] == "/rooms/"
    for before in ("http://evil.example/rooms/garden/", "http://testserver/rooms/harbour/", "nonsense"):
        assert 'name="room"' not in client.get("/guest/", headers={"Referer": before}).content.decode()


def test_a_visitor_who_is_no_guest_yet_and_a_user_have_no_such_page(client, hers):
    assert client.get("/guest/")["Location"] == "/rooms/"
    assert hers.get("/guest/")["Location"] == "/profile/"
