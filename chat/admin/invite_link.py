"""How the link of an invitation is shown: with a button that copies it, and as a QR code."""

import segno
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _


def drawn(link: str):
    """A link as text, with a button that copies it, and as a QR code."""
    code = segno.make(link, error="m")
    # The code has black modules on white also in dark mode: scanners need it.
    picture = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return format_html(
        '<div class="invite-link-shown"><code dir="ltr">{}</code> '
        '<button type="button" class="button" data-copy="{}" data-done="{}">{}</button></div>'
        '<div class="qr-code" role="img" aria-label="{}">{}</div>',
        link,
        link,
        _("Copied"),
        _("Copy link"),
        _("QR code of the link"),
        mark_safe(picture),
    )
