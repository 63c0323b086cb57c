"""Files in messages: pictures and the viewer, players, texts, what is not ready; the files of a room."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from chat.tests import sample_files
from chat.tests.attached import encoded, post_files

from .pages import by_mouse_and_touch, is_touch_screen, message, wait_until_online

pytestmark = by_mouse_and_touch

# Not the modules of the page, which are in a folder of this name too.
FILES = re.compile(r"/files/\d+/")


def photo(colour: str, size=(1600, 1000)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def post(site, room: str, body: str, *files: dict, author: str = "bob") -> list[int]:
    return site.call(post_files, room=room, author=author, body=body, files=list(files))


def make_ready(attachment: int) -> None:
    from chat.domain.files import processing

    processing.process(attachment=attachment)


def remove_bob(room: str) -> None:
    from django.contrib.auth import get_user_model

    from chat.domain import members

    people = {user.handle: user for user in get_user_model()._default_manager.filter(handle__in=["alice", "bob"])}
    members.remove(room=room, by=people["alice"], person=people["bob"].pk)


def is_loaded(image) -> None:
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0


@pytest.mark.core
def test_a_picture_has_its_box_before_it_is_there_and_opens_in_the_viewer(site, room, open_page):
    post(site, room, "one", encoded(photo("teal"), "quay.jpg", alt="The quay at dawn"))
    post(site, room, "several", *[encoded(photo(colour), f"{colour}.jpg") for colour in ("red", "green", "blue")])
    held = []

    def hold(page):
        page.route("**/files/**/thumb-*.webp", lambda route: held.append(route))

    page = open_page(site, "alice", f"/rooms/{room}/", before=hold)
    wait_until_online(page)
    one = message(page, "one").locator("img")
    expect(one).to_have_attribute("alt", "The quay at dawn")
    before = message(page, "one").bounding_box(), message(page, "several").bounding_box()
    for route in held:
        route.continue_()
    page.unroute("**/files/**/thumb-*.webp")
    is_loaded(one)
    assert (message(page, "one").bounding_box(), message(page, "several").bounding_box()) == before
    # The viewer goes through all pictures of the room.
    message(page, "several").get_by_role("button", name="Open green.jpg").click()
    viewer = page.locator("#viewer")
    expect(viewer).to_be_visible()
    place = page.locator("#timeline").evaluate("timeline => timeline.scrollTop")
    expect(viewer.locator(".viewer-name")).to_have_text("green.jpg")
    expect(viewer.locator(".viewer-count")).to_have_text("3 of 4")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator(".viewer-name")).to_have_text("blue.jpg")
    expect(viewer.locator(".next")).to_be_hidden()
    for _press in range(3):
        page.keyboard.press("ArrowLeft")
    expect(viewer.locator(".viewer-name")).to_have_text("quay.jpg")
    expect(viewer.locator(".viewer-alt")).to_have_text("The quay at dawn")
    page.keyboard.press("+")
    expect(viewer).to_contain_class("zoomed")
    expect(viewer.locator("img")).to_have_attribute("src", re.compile(r"/files/\d+/quay\.jpg$"))
    page.keyboard.press("-")
    expect(viewer).not_to_contain_class("zoomed")
    with page.expect_download() as saved:
        viewer.get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "quay.jpg"
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    assert page.locator("#timeline").evaluate("timeline => timeline.scrollTop") == place
    # The way back closes it, too.
    message(page, "several").get_by_role("button", name="Open red.jpg").click()
    expect(viewer).to_be_visible()
    page.go_back()
    expect(viewer).to_be_hidden()
    assert page.url.endswith(f"/rooms/{room}/")


def test_a_finger_swipes_through_the_pictures_and_the_wheel_of_a_mouse_zooms(site, room, open_page):
    post(site, room, "several", *[encoded(photo(colour), f"{colour}.jpg") for colour in ("red", "green")])
    page = open_page(site, "alice", f"/rooms/{room}/")
    message(page, "several").get_by_role("button", name="Open red.jpg").click()
    viewer = page.locator("#viewer")
    expect(viewer.locator(".viewer-name")).to_have_text("red.jpg")
    if is_touch_screen(page):
        swipe(page, (300, 400), (60, 400))
        expect(viewer.locator(".viewer-name")).to_have_text("green.jpg")
        swipe(page, (200, 300), (200, 500))
    else:
        page.mouse.move(500, 400)
        page.mouse.wheel(0, -600)
        expect(viewer).to_contain_class("zoomed")
        page.mouse.dblclick(500, 400)
        expect(viewer).not_to_contain_class("zoomed")
        viewer.locator("[data-close]").click()
    expect(viewer).to_be_hidden()


def swipe(page, start, end) -> None:
    session = page.context.new_cdp_session(page)
    steps = [
        (start[0] + (end[0] - start[0]) * step / 5, start[1] + (end[1] - start[1]) * step / 5) for step in range(6)
    ]
    for kind, points in (("touchStart", steps[:1]), *(("touchMove", [step]) for step in steps[1:]), ("touchEnd", [])):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})


def test_a_spoiler_is_covered_until_the_reader_asks(site, room, open_page):
    post(site, room, "the end", encoded(photo("red"), "end.jpg", spoiler=True))
    post(site, room, "after", encoded(photo("blue"), "after.jpg"))
    page = open_page(site, "alice", f"/rooms/{room}/")
    spoiler = message(page, "the end")
    expect(spoiler.locator(".file-picture")).to_contain_class("covered")
    message(page, "after").get_by_role("button", name="Open after.jpg").click()
    # The viewer does not lead there.
    expect(page.locator("#viewer .viewer-count")).to_have_text("")
    page.locator("#viewer [data-close]").click()
    spoiler.get_by_role("button", name="Spoiler: show").click()
    expect(spoiler.locator(".file-picture")).not_to_contain_class("covered")
    spoiler.get_by_role("button", name="Open end.jpg").click()
    expect(page.locator("#viewer .viewer-count")).to_have_text("1 of 2")


def test_texts_sounds_and_documents_are_shown_and_saved(site, room, open_page):
    code = "".join(f"value_{number} = {number}\n" for number in range(30))
    post(
        site,
        room,
        "all kinds",
        encoded(code.encode(), "tide.py"),
        encoded(sample_files.sound(2), "horn.wav"),
        encoded(sample_files.archive("a"), "logs.zip"),
        encoded(b"<script>document.title = 'run'</script>", "page.html"),
    )
    page = open_page(site, "alice", f"/rooms/{room}/")
    found = message(page, "all kinds")
    text = found.locator(".file-text").first
    expect(text.locator("code")).to_contain_text("value_29 = 29")
    expect(text.locator(".file-facts")).to_contain_text("Python")
    assert text.locator("code .n").count() == 30
    folded = text.locator("pre").bounding_box()["height"]
    text.get_by_role("button", name="Show 30 lines").click()
    assert text.locator("pre").bounding_box()["height"] > 2 * folded
    found.locator(".file-text").nth(1).scroll_into_view_if_needed()
    expect(found.locator(".file-text").nth(1).locator("code")).to_contain_text("document.title")
    audio = found.locator("audio")
    audio.evaluate("audio => { audio.muted = true; return audio.play(); }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.1")
    # A part further on comes by a range.
    audio.evaluate("audio => { audio.currentTime = 1.5; }")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.4")
    row = found.locator(".file-row")
    expect(row).to_contain_text("logs.zip")
    expect(row).to_contain_text("ZIP")
    with page.expect_download() as saved:
        row.get_by_role("link", name="Save logs.zip").click()
    assert saved.value.suggested_filename == "logs.zip"
    assert page.title() != "run"


def test_a_file_becomes_ready_or_says_why_it_was_refused(site, room, open_page):
    page = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(page)
    good, bad = post(
        site,
        room,
        "two",
        encoded(photo("teal"), "good.jpg", is_processed=False),
        encoded(sample_files.png_that_says(10_000, 10_000), "bad.png", is_processed=False),
    )
    found = message(page, "two")
    expect(found.locator(".file-row.processing")).to_have_count(2)
    for file in (good, bad):
        site.call(make_ready, attachment=file)
    is_loaded(found.locator("img"))
    expect(found.locator(".file-row.refused")).to_contain_text("This picture has too many pixels.")


def test_a_picture_that_is_examined_later_moves_nothing(site, room, open_page):
    page = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(page)
    coming = {"is_processed": False, "type": "image/jpeg", "width": 1600, "height": 1000}
    one = post(site, room, "one", encoded(photo("teal"), "quay.jpg", **coming))
    several = post(site, room, "several", *[encoded(photo("red"), f"{name}.jpg", **coming) for name in "abc"])
    found = message(page, "one"), message(page, "several")
    expect(page.locator(".file-picture.processing")).to_have_count(4)
    before = [each.bounding_box() for each in found]
    for file in (*one, *several):
        site.call(make_ready, attachment=file)
    expect(page.locator(".file-picture.processing")).to_have_count(0)
    is_loaded(found[1].locator("img").last)
    assert [each.bounding_box() for each in found] == before


def without_files(page) -> None:
    page.route(FILES, lambda route: route.abort())


def test_what_could_not_be_loaded_comes_when_the_connection_is_back(site, room, open_page):
    post(site, room, "both", encoded(photo("teal"), "quay.jpg"), encoded(b"tide = 3", "tide.py"))
    page = open_page(site, "alice", f"/rooms/{room}/", before=without_files)
    found = message(page, "both")
    expect(found.locator(".missing")).to_have_count(2)
    page.unroute(FILES)
    # The socket outlives a short loss: only the browser says that it is over.
    page.context.set_offline(True)
    page.context.set_offline(False)
    expect(found.locator("code")).to_contain_text("tide = 3")
    is_loaded(found.locator("img"))
    expect(found.locator(".missing")).to_have_count(0)


def answer_later(room: str, count: int) -> None:
    import uuid

    from django.contrib.auth import get_user_model

    from chat.domain import messages, reading
    from chat.models import Message

    author = get_user_model().objects.get(handle="bob")
    first = Message.objects.filter(room__slug=room, attachments__isnull=False).order_by("seq").first()
    for number in range(count):
        messages.post(room=room, author=author, body=f"filler {number}", client_id=uuid.uuid4())
    answer = messages.post(room=room, author=author, body="an answer", client_id=uuid.uuid4(), reply_to=first.pk)
    reading.read(room=room, user=author, upto=answer.seq)


def test_the_quote_of_a_picture_has_a_small_one_also_when_the_message_is_not_loaded(site, room, open_page):
    post(site, room, "the quay", encoded(photo("teal"), "quay.jpg"))
    site.call(answer_later, room=room, count=120)
    page = open_page(site, "bob", f"/rooms/{room}/")
    quote = message(page, "an answer").locator(".quote")
    is_loaded(quote.locator(".quote-picture"))
    expect(message(page, "the quay")).to_have_count(0)
    expect(quote.locator(".quote-text")).to_have_text("the quay")


def test_the_panel_lists_files_by_kind_and_person(site, room, open_page):
    post(site, room, "from bob", encoded(photo("teal"), "quay.jpg"), encoded(b"words", "notes.txt"))
    post(site, room, "from alice", encoded(sample_files.archive("a"), "logs.zip"), author="alice")
    page = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(page)
    page.locator(".people-button[data-open-panel]").click()
    page.locator("[data-open-files]").click()
    # The button that had the focus is gone.
    expect(page.locator("[data-close-panel]")).to_be_focused()
    names = page.locator(".listed-file .file-name")
    expect(names).to_have_text(["logs.zip", "notes.txt", "quay.jpg"])
    page.locator(".files-panel select").select_option(label="alice")
    expect(names).to_have_text(["logs.zip"])
    page.locator(".files-panel select").select_option(label="From everyone")
    expect(names).to_have_count(3)
    page.locator(".files-panel [name=until]").fill("2020-01-01")
    expect(page.locator(".files-none")).to_be_visible()
    page.locator(".files-panel [name=until]").fill("")
    page.get_by_role("button", name="Pictures").click()
    expect(names).to_have_text(["quay.jpg"])
    page.locator(".listed-file-open").click()
    viewer = page.locator("#viewer")
    expect(viewer.locator(".viewer-name")).to_have_text("quay.jpg")
    viewer.get_by_role("button", name="Show in the room").click()
    expect(viewer).to_be_hidden()
    expect(message(page, "from bob")).to_contain_class("marked")
    if is_touch_screen(page):
        expect(page.locator(".side-panel")).to_be_hidden()


@pytest.mark.core
def test_who_leaves_the_room_gets_no_more_files(site, room, open_page):
    (file,) = post(site, room, "secret", encoded(photo("red"), "secret.jpg"), author="alice")
    page = open_page(site, "bob", f"/rooms/{room}/")
    is_loaded(message(page, "secret").locator("img"))
    ask = f"async () => (await fetch('/files/{file}/thumb-360.webp')).status"
    assert page.evaluate(ask) == 200
    site.call(remove_bob, room=room)
    assert page.evaluate(ask) == 404


TONE = """
() => {
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext();
        const [tone, stream] = [context.createOscillator(), context.createMediaStreamDestination()];
        tone.connect(stream);
        tone.start();
        return stream.stream;
    };
}
"""


def test_a_voice_message_is_recorded_sent_and_heard(site, room, open_page):
    page = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(f"({TONE})()"))
    wait_until_online(page)
    page.locator("[data-record]").click()
    expect(page.locator(".recording-time")).to_have_text("0:01")
    page.locator("[data-discard]").click()
    expect(page.locator(".recording")).to_be_hidden()
    expect(page.locator(".upload-tray")).to_be_hidden()
    page.locator("[data-record]").click()
    expect(page.locator(".recording-time")).to_have_text("0:01")
    page.locator("[data-keep]").click()
    expect(page.locator(".upload-tray li")).to_have_count(1)
    page.locator(".compose .send").click()
    sent = page.locator(".log > article.message").last
    expect(sent.locator(".file-name")).to_contain_text("Voice message")
    # A message without text has no empty line.
    expect(sent.locator(".body")).to_be_hidden()
    sent.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.file-audio audio').currentTime > 0.2")
    expect(sent.locator(".wave-time")).not_to_have_text("0:00")


# Three seconds of red, then of blue, as a recorder of the screen makes them: WebM without an index or a length.
RECORD = """
async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d");
    const began = performance.now();
    const draw = setInterval(() => {
        const isLate = performance.now() - began > 3000;
        context.fillStyle = isLate ? "#00f" : "#f00";
        // A picture that does not change is not recorded.
        context.fillRect(0, 0, 320, 180);
        context.fillStyle = "#888";
        context.fillRect((performance.now() / 10) % 300, 170, 10, 10);
    }, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const parts = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    recorder.start(500);
    await new Promise((resolve) => setTimeout(resolve, 6000));
    await new Promise((resolve) => {
        recorder.addEventListener("stop", resolve);
        recorder.stop();
    });
    clearInterval(draw);
    const data = new DataTransfer();
    data.items.add(new File(parts, "tour.webm", { type: "video/webm" }));
    const input = document.querySelector('.compose input[name="files"]');
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}
"""
# The colour in the middle of the picture that a video shows.
COLOUR = """
(video) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 1, 1);
    const [red, , blue] = context.getImageData(0, 0, 1, 1).data;
    return red > 150 && blue < 100 ? "red" : blue > 150 && red < 100 ? "blue" : "other";
}
"""


def test_a_recorded_video_shows_its_first_picture_plays_and_is_sought_by_ranges(site, room, open_page):
    alice, bob = (open_page(site, name, f"/rooms/{room}/") for name in ("alice", "bob"))
    wait_until_online(alice)
    wait_until_online(bob)
    answers = []
    bob.on("response", lambda answer: "tour.webm" in answer.url and answers.append(answer))
    alice.evaluate(RECORD)
    expect(alice.locator(".upload-card")).to_have_attribute("data-phase", "uploaded")
    alice.locator(".compose .send").click()
    video = bob.locator(".file-video video")
    expect(video).to_be_visible()
    # The picture that stands before it plays. The box has its shape.
    bob.wait_for_function("() => document.querySelector('.file-video video').readyState >= 2")
    assert video.evaluate(COLOUR) == "red"
    assert video.evaluate("video => video.paused")
    box = video.bounding_box()
    assert abs(box["width"] / box["height"] - 16 / 9) < 0.05
    assert {answer.status for answer in answers} == {206}
    assert all(answer.headers["content-type"] == "video/webm" for answer in answers)
    video.evaluate("video => { video.muted = true; video.currentTime = 4.5; }")
    bob.wait_for_function(
        "() => { const v = document.querySelector('.file-video video'); return !v.seeking && v.readyState >= 2; }"
    )
    assert video.evaluate(COLOUR) == "blue"
    video.evaluate("video => { video.currentTime = 1; return video.play(); }")
    bob.wait_for_function("() => document.querySelector('.file-video video').currentTime > 1.2")
    assert video.evaluate(COLOUR) == "red"
