"""The data block of a page."""

import json

from chat.protocol.encoding import in_script
from chat.protocol.things import Guest


def test_text_in_a_data_block_cannot_close_the_script_element():
    nasty = Guest(id="5d41402abc4b2a76", name="</script><script>alert(1)</script><!-- & \u2028")
    inside = in_script(nasty.encode())
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {"id": nasty.id, "name": nasty.name}


def test_a_data_block_is_ascii():
    names = "Zoë 漢 \N{GRINNING FACE}"
    inside = in_script(Guest(id="5d41402abc4b2a76", name=names).encode())
    assert inside.isascii()
    assert json.loads(inside)["name"] == names
