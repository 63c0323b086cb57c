"""What people do with files before they send them, and what the site has stored of them."""

import hashlib
import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from chat.tests.services import Site

STORED_FILES = """
    import hashlib
    from chat.models import Attachment
    from django.core.files.storage import storages
    def digest(one):
        with storages["files"].open(one.storage_name) as file:
            return hashlib.sha256(file.read()).hexdigest()
    found = Attachment.objects.filter(room__slug=room, message__isnull=False).order_by("message__seq", "order")
    result = [
        {"text": one.message.text, "name": one.name, "alt": one.alt, "spoiler": one.spoiler, "sha256": digest(one)}
        for one in found.select_related("message")
    ]
"""
COUNT_UPLOADS = """
    from chat.models import Attachment
    result = Attachment.objects.filter(room__slug=room, message=None).count()
"""
# Gives the page files as a program outside of the browser would: by the clipboard, or dragged over it.
TRANSFER = """
    ([kind, target, files]) => {
        const data = new DataTransfer();
        for (const { name, mimeType, text } of files) data.items.add(new File([text], name, { type: mimeType }));
        const options = { bubbles: true, cancelable: true };
        const event = kind === "paste"
            ? new ClipboardEvent(kind, { ...options, clipboardData: data })
            : new DragEvent(kind, { ...options, dataTransfer: data });
        document.querySelector(target).dispatchEvent(event);
    }
"""


def file(name: str, content: bytes = b"Some text", mime: str = "text/plain") -> dict:
    """A file, as Playwright's `set_input_files` takes it."""
    return {"name": name, "mimeType": mime, "buffer": content}


def photo(name: str = "harbour.jpg") -> dict:
    """A small picture."""
    content = BytesIO()
    Image.new("RGB", (320, 200), (30, 120, 110)).save(content, "JPEG")
    return file(name, content.getvalue(), "image/jpeg")


def large(name: str = "large.bin", size: int = 1_500_000) -> dict:
    """A file that takes some seconds on a slow line."""
    return file(name, (bytes(range(256)) * (size // 256 + 1))[:size], "application/octet-stream")


def digest(chosen: dict) -> str:
    """The SHA-256 of a file, as `stored_files` has it."""
    return hashlib.sha256(chosen["buffer"]).hexdigest()


def choose(page: Page, *files: dict) -> None:
    """Choose files with the button of the composer."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(list(files))


def transfer(page: Page, kind: str, target: str, *files: dict) -> None:
    """`paste`, `dragover` or `drop` text files at the element that the selector `target` finds."""
    given = [{"name": one["name"], "mimeType": one["mimeType"], "text": one["buffer"].decode()} for one in files]
    page.evaluate(TRANSFER, [kind, target, given])


def cards(page: Page) -> Locator:
    """The files of the draft."""
    return page.locator(".upload-card")


def card(page: Page, name: str) -> Locator:
    """The card of the file with this name."""
    return cards(page).filter(has_text=name)


def wait_until_uploaded(page: Page, *names: str) -> None:
    """Wait until the cards of these files say so."""
    for name in names:
        expect(card(page, name)).to_have_attribute("data-phase", "uploaded")


def wait_until_under_way(page: Page, name: str) -> None:
    """Wait until the server has a part of a file, and not all of it."""
    expect(card(page, name).locator(".upload-state")).to_have_text(re.compile(r"[1-9]\d?%"))


def press_send(page: Page) -> None:
    """Press the button of the composer."""
    page.locator(".compose .send").click()


def slow_down(page: Page, bytes_per_s: int) -> None:
    """Let the page send no more than this; -1: as much as it can."""
    network = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", limits)


def count_requests(page: Page, method: str) -> list[str]:
    """A list to which the page's requests to uploads with this method are added."""
    seen: list[str] = []
    page.on("request", lambda sent: sent.method == method and "/files/" in sent.url and seen.append(sent.url))
    return seen


def stored_files(site: Site, room: str) -> list[dict]:
    """The files of the room's messages as they are stored, in order."""
    return site.python(STORED_FILES, room=room)


def count_uploads(site: Site, room: str) -> int:
    """Uploads in the room that are not part of a message."""
    return site.python(COUNT_UPLOADS, room=room)
