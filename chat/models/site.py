"""The site itself: one row."""

import secrets

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from .prepared import prepared


def new_epoch() -> str:
    """An identifier for a sequence of versions. It changes when a backup is restored, because versions may go back."""
    return secrets.token_hex(8)


class Site(models.Model):
    """The site's name, epoch and settings. There is one row, with primary key 1; `current()` returns it."""

    name = models.CharField(_("name"), max_length=80, default="Parley")
    epoch = models.CharField(max_length=16, default=new_epoch, editable=False)
    setup_token_hash = models.CharField(max_length=64, blank=True, editable=False)
    set_up_at = models.DateTimeField(_("set up"), null=True, editable=False)

    mail_failed_at = models.DateTimeField(_("last mail failed"), null=True, editable=False)
    mail_error = models.CharField(
        _("why it failed"), max_length=250, blank=True, default="", db_default="", editable=False
    )
    guests_named = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")

    def __str__(self):
        return self.name

    @classmethod
    def current(cls) -> "Site":
        """The site's row. It is made on first use."""
        return _site.first() or cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def count_guests(cls, many: int) -> int:
        """Count `many` new guests; returns the number of the first one, from 0. In one statement, which no other
        worker can split."""
        with connection.cursor() as cursor:
            while True:
                cursor.execute(
                    "UPDATE chat_site SET guests_named = guests_named + %s WHERE id = 1 RETURNING guests_named", [many]
                )
                row = cursor.fetchone()
                if row is not None:
                    return row[0] - many
                cls.current()  # Makes the row.


@prepared
def _site():
    return Site.objects.filter(pk=1)
