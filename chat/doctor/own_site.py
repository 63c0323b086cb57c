"""The checks that a site makes of its own public address, for what a browser cannot see or send."""

import asyncio
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from . import advice
from .checks import run_one
from .examination import Examination
from .results import Outcome, Result, failed, warning
from .target import BadAddress, Target, tls_context

CHECKS = {
    "connection": _("Connection to the proxy"),
    "other host name": _("Another host name"),
    "upgrade": _("Upgrade, header by header"),
    "other origin": _("A page of another site"),
    "compression": _("Compression, when offered"),
}
"""Names of checks, and their titles on the page."""
REQUIRED_CHECK = "connection"
"""When it fails, the other checks are not run."""
CHECK_TIMEOUT_S = 12


def own_target(host: str) -> Target:
    """The public address of this site, with the name in a request's `Host`. Never an address that a visitor chose.

    The scheme and the port are those of SITE_URL. The name must be that of SITE_URL, or one that ALLOWED_HOSTS lists in
    full: of `*` and `.example.com` a visitor could choose any name. Raises BadAddress.
    """
    site = Target.parse(settings.SITE_URL)
    visited = Target.parse(f"{urlsplit(settings.SITE_URL).scheme}://{host}")
    names = {name.strip("[]").lower() for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))}
    if visited.port != site.port or visited.host not in {site.host, *names}:
        raise BadAddress(host)
    return visited


class OwnSite:
    """Runs checks of the site's own address, one after the other. Blocks: call it on a thread of its own."""

    def __init__(self, target: Target, *, shows_address: bool):
        """`shows_address`: whether the results may name the IP address of the site, as the server resolves it."""
        # The certificate is not verified: the visitor's browser has done that, perhaps with an authority that only
        # browsers of this network know. Nothing secret is sent.
        self._examination = Examination(target, None, shows_address=shows_address)
        self._language = get_language()

    def check(self, name: str) -> Result:
        """The result of one of CHECKS; `connection` must be the first. It ends after CHECK_TIMEOUT_S."""
        if self._examination.context is None:
            self._examination.context = tls_context(verifies=False)
        with override(self._language):
            result = asyncio.run(self._check(name))
        if name == REQUIRED_CHECK and result.outcome is Outcome.FAILED:
            return warning(result.sentence, advice.OWN_ADDRESS)
        return result

    async def _check(self, name: str) -> Result:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                return await run_one(name, self._examination)
        except TimeoutError:
            return failed(_("There is no answer within %(seconds)s s.") % {"seconds": CHECK_TIMEOUT_S}, advice.TIMEOUT)
