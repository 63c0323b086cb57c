"""The data block of a page."""

import json

from chat.events.shapes import GuestOut
from chat.views.page_data import as_script


def test_text_in_a_data_block_cannot_end_it():
    nasty = GuestOut(name="</script><script>alert(1)</script><!-- & \u2028")
    inside = as_script(nasty)
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {"name": nasty.name}
