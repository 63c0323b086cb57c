"""The data block of a page."""

import json

from chat.events.shapes import GuestOut, in_script


def test_text_in_a_data_block_cannot_end_it():
    nasty = GuestOut(name="</script><script>alert(1)</script><!-- & \u2028")
    inside = in_script(nasty.encode().encode())
    assert not set(b"<>&") & set(inside)
    assert json.loads(inside) == {"name": nasty.name}
