"""The site's own emoji."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomEmoji(models.Model):
    """A picture with a name, written as `:name:` in a text, and a reaction with this text as its `emoji`.

    `picture` is the name of its file in the storage; another picture has another one.
    """

    MAX_NAME = 30
    """With two colons it fits into `Reaction.emoji`."""

    name = models.CharField(_("name"), max_length=MAX_NAME, unique=True)
    picture = models.CharField(max_length=100, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="chat_emoji",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("custom emoji")
        verbose_name_plural = _("custom emoji")
        ordering = ["name"]

    def __str__(self):
        return f":{self.name}:"
