"""The data block of a page."""

import json

from chat.events.shapes import GuestOut, in_script


def test_text_in_a_data_block_cannot_end_it():
    nasty = GuestOut(id="5d41402abc4b2a76", name="</script><script>alert(1)</script><!-- & \u2028")
    inside = in_script(nasty.encode().encode())
    assert not set(b"<>&") & set(inside)
    assert json.loads(inside) == {"id": nasty.id, "name": nasty.name}
