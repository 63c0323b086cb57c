"""What to change, for each fault that a check can find."""

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

HOSTS = _("Set ALLOWED_HOSTS to the names of the site only, and let the proxy pass the client's Host as it is.")
ORIGIN = _(
    "Let the proxy pass Host and Origin as they are, and set X-Forwarded-Proto. Set TRUSTED_PROXIES to the address of"
    " the proxy."
)
FOREIGN_ORIGIN = _(
    "Any site could open sockets with the cookies of your people. Let the proxy pass Origin as it is, and check"
    " ALLOWED_ORIGINS."
)
UPGRADE = _(
    "Let the proxy use HTTP/1.1 to Parley and pass Upgrade and Connection on. In nginx: proxy_http_version 1.1, and"
    " proxy_set_header for Upgrade and Connection. In Apache: ProxyPass … upgrade=websocket."
)
SUBPROTOCOL = _("Let the proxy pass Sec-WebSocket-Protocol on, in both directions.")
ACCEPT = _(
    "Something between you and Parley answers handshakes itself. Let the proxy pass Sec-WebSocket-Key on as it is."
)
NOT_PARLEY = _("Check that the address is the one of Parley, and that the proxy passes this path on to it.")
BACKEND = _(
    "The proxy does not reach Parley. Check that Parley runs, and the address and port in the proxy's settings."
)
COMPRESSION = _("Turn off the compression of WebSocket frames in the proxy: it costs memory for each socket.")
BUFFERING = _("Turn off response buffering in the proxy for this path. In nginx: proxy_buffering off.")
LARGE_FRAME = _("Raise the proxy's limit for WebSocket frames to 256 KiB or more.")
IDLE = _(
    "Raise the proxy's time-out for idle connections to 60 s or more. In nginx: proxy_read_timeout; in HAProxy: timeout"
    " tunnel; in Apache: ProxyTimeout."
)
PINGS = _("Let the proxy pass ping frames (RFC 6455, section 5.5.2) on to the client.")
CLOSE = _("Let the proxy pass close frames on instead of ending the TCP connection.")
RECONNECT = _("Look at the limits of connections for one address in the proxy, and at MAX_CONNECTIONS_PER_ADDRESS.")
CERTIFICATE = _("Install a certificate for this name with its full chain, from an authority that browsers accept.")
TLS = _("Check that this port speaks TLS; for a site without TLS, use an address that begins with http://.")
UNREACHABLE = _("Check the name, the port, the firewall, and that the proxy runs.")
OWN_ADDRESS = _(
    "The server cannot reach its own public address, often because of a router (NAT) or a firewall. Run “manage.py"
    " doctor” with the address of the site on another machine."
)
TIMEOUT = _("Something accepts connections and does not answer. Look at the logs of the proxy and of Parley.")


def for_status(status: int, location: str = "") -> str:
    """Advice for an HTTP status that is none of the expected ones."""
    if status in {301, 302, 303, 307, 308}:
        return _text("The answer is a redirect to %(location)s. Use the final address; redirects are not followed.") % {
            "location": location or _("nowhere")
        }
    if status == 400:
        return _text("Parley may not know this host name. %(advice)s") % {"advice": HOSTS}
    if status == 401:
        return _text("The proxy asks for a password. Browsers do not send one with a WebSocket: let this path pass.")
    if status in {502, 503, 504}:
        return str(BACKEND)
    return str(NOT_PARLEY)
