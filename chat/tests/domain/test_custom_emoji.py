"""The site's own emoji."""

from io import BytesIO

import pytest
from PIL import Image

from chat.domain import custom_emoji, messages, sites
from chat.domain.errors import Forbidden, Invalid, NotFound, TooLong
from chat.models import CustomEmoji
from chat.tests.talk import post_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(format: str = "PNG", size=(64, 48), frames: int = 1, **options) -> bytes:
    out = BytesIO()
    images = [Image.new("RGB", size, (40 * number % 255, 100, 200)) for number in range(frames)]
    if frames > 1:
        options |= {"save_all": True, "append_images": images[1:], "duration": 80}
    images[0].save(out, format, **options)
    return out.getvalue()


def stored(name: str) -> Image.Image:
    _picture, file = custom_emoji.open_file(name, CustomEmoji.objects.get(name=name).added_by)
    with file:
        return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("frames", [1, 4])
def test_a_picture_becomes_a_small_webp_with_all_its_frames(set_up_site, alice, format, frames):
    custom_emoji.add(name="party-boat", image=picture(format, (400, 200), frames), by=alice)
    made = stored("party-boat")
    assert (made.format, made.size, getattr(made, "n_frames", 1)) == ("WEBP", (128, 64), frames)


def test_nothing_but_the_pixels_is_kept(set_up_site, alice):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    custom_emoji.add(name="skua", image=picture("PNG", exif=exif) + b"<script>alert(1)</script>", by=alice)
    assert not stored("skua").getexif()


@pytest.mark.parametrize(
    "image", [SVG, b"", b"GIF89a", picture("JPEG"), picture("BMP")], ids=["svg", "empty", "cut", "jpeg", "bmp"]
)
def test_other_files_are_refused(set_up_site, alice, image):
    with pytest.raises(Invalid) as caught:
        custom_emoji.add(name="skua", image=image, by=alice)
    assert caught.value.field == "picture"
    assert not CustomEmoji.objects.exists()


def test_large_pictures_and_long_animations_are_refused(set_up_site, alice):
    for image in (picture(size=(3000, 3000)), b"x" * (custom_emoji.MAX_BYTES + 1), picture("GIF", (16, 16), 200)):
        with pytest.raises(TooLong):
            custom_emoji.add(name="skua", image=image, by=alice)


@pytest.mark.parametrize("name", ["", "a b", "../x", "é", "x" * 31, "_x", "wave", "+1"])
def test_a_name_is_a_word_that_no_other_emoji_has(set_up_site, alice, name):
    with pytest.raises(Invalid) as caught:
        custom_emoji.add(name=name, image=picture(), by=alice)
    assert caught.value.field == "name"


def test_two_emoji_cannot_have_the_same_name(set_up_site, alice, bob):
    custom_emoji.add(name=":Skua:", image=picture(), by=alice)
    with pytest.raises(Invalid):
        custom_emoji.add(name="skua", image=picture(), by=bob)
    assert custom_emoji.all_names() == ["skua"]


def test_the_site_says_who_adds_emoji(set_up_site, alice, dora, gina):
    sites.allow(who_adds_emoji="staff")
    for person in (alice, gina):
        with pytest.raises(Forbidden):
            custom_emoji.add(name="skua", image=picture(), by=person)
    custom_emoji.add(name="skua", image=picture(), by=dora)


def test_who_added_an_emoji_and_staff_remove_it(set_up_site, alice, bob, dora):
    for name in ("skua", "kraken"):
        custom_emoji.add(name=name, image=picture(), by=alice)
    with pytest.raises(Forbidden):
        custom_emoji.remove(name="skua", by=bob)
    custom_emoji.remove(name="skua", by=alice)
    custom_emoji.remove(name="kraken", by=dora)
    with pytest.raises(NotFound):
        custom_emoji.remove(name="skua", by=alice)
    assert custom_emoji.open_file("skua", alice) is None


def test_people_react_with_an_emoji_of_the_site(harbour, alice, bob):
    custom_emoji.add(name="skua100", image=picture(), by=alice)
    message = post_message(harbour, alice).pk
    messages.react(message=message, by=bob, emoji=":skua100:", on=True)
    (reaction,) = messages.serialized(messages.react(message=message, by=alice, emoji=":skua100:", on=True)).reactions
    assert (reaction.emoji, reaction.count) == (":skua100:", 2)
    with pytest.raises(Invalid):
        messages.react(message=message, by=bob, emoji=":kraken:", on=True)
    # A reaction with an emoji that was removed can be taken back.
    custom_emoji.remove(name="skua100", by=alice)
    messages.react(message=message, by=bob, emoji=":skua100:", on=False)
    with pytest.raises(Invalid):
        messages.react(message=message, by=bob, emoji=":skua100:", on=True)


def test_an_emoji_of_the_site_is_a_picture_in_texts(harbour, alice):
    custom_emoji.add(name="shipit", image=picture(), by=alice)
    message = post_message(harbour, alice, "ship it :shipit: :no-such:")
    assert '<img class="emoji" src="/emoji/shipit.webp" alt=":shipit:" title=":shipit:"> :no-such:' in message.html


def test_a_text_shows_the_emoji_of_the_site_and_no_other_name(harbour, alice):
    custom_emoji.add(name="skua100", image=picture(), by=alice)
    html = post_message(harbour, alice, "Look: :Skua100: and :kraken: `:skua100:`").html
    assert html.count('<img class="emoji" src="/emoji/skua100.webp"') == 1
    assert ":kraken:" in html
    assert post_message(harbour, alice, ":skua100:").html.startswith('<p class="only-emoji"><img ')
