"""The page of the site's own emoji, and their pictures."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chat.domain import custom_emoji, sites
from chat.models import CustomEmoji

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "PNG")
    return out.getvalue()


def test_alice_adds_an_emoji_and_everyone_who_sees_a_room_gets_its_picture(visit, garden, alice):
    form = {"name": "kraken", "picture": SimpleUploadedFile("x.png", png())}
    assert visit(alice).post("/emoji/", form).status_code == 302
    response = visit(None).get("/emoji/kraken.webp")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["X-Content-Type-Options"] == "nosniff"
    again = visit(None).get("/emoji/kraken.webp", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert visit(None).get("/emoji/skua.webp").status_code == 404


def test_a_stranger_to_a_site_without_open_rooms_gets_no_picture(visit, harbour, alice, bob):
    custom_emoji.add(name="kraken", image=png(), by=alice)
    assert visit(bob).get("/emoji/kraken.webp").status_code == 200
    assert visit(None).get("/emoji/kraken.webp").status_code == 404


@pytest.mark.parametrize("form", [{"name": "kraken"}, {"name": "no good"}, {}])
def test_a_form_with_a_fault_is_shown_again(visit, harbour, alice, form):
    response = visit(alice).post("/emoji/", form | {"picture": SimpleUploadedFile("x.svg", b"<svg/>")})
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not CustomEmoji.objects.exists()


def test_bob_cannot_remove_alices_emoji(visit, harbour, alice, bob):
    custom_emoji.add(name="kraken", image=png(), by=alice)
    assert "Remove" not in visit(bob).get("/emoji/").content.decode()
    assert visit(bob).post("/emoji/", {"remove": "kraken"}).status_code == 403
    assert visit(alice).post("/emoji/", {"remove": "kraken"}).status_code == 302
    assert not CustomEmoji.objects.exists()


def test_who_may_not_add_emoji_sees_no_form(visit, harbour, bob):
    sites.allow(who_adds_emoji="staff")
    assert "Add emoji" not in visit(bob).get("/emoji/").content.decode()
    form = {"name": "kraken", "picture": SimpleUploadedFile("x.png", png())}
    assert visit(bob).post("/emoji/", form).status_code == 403


def test_strangers_have_to_sign_in(visit, harbour):
    assert visit(None).get("/emoji/").status_code == 302
