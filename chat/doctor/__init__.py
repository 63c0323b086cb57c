"""Checks the WebSockets of a site from outside, through its proxy: for `manage.py doctor URL` and the page `/wire/`.

It needs only the address of the site, and connects to no other address: names are resolved once, and redirects are
reported, not followed.
"""
