"""Who belongs to a room, as what, and how far they have read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Membership(models.Model):
    """One person in one room. `read_seq` is the `seq` of the last message they have read."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        MODERATOR = "moderator", _("Moderator")
        MEMBER = "member", _("Member")
        READER = "reader", _("Reader")

    class Notify(models.TextChoices):
        ALL = "all", _("Every message")
        MENTIONS = "mentions", _("Mentions")
        NONE = "none", _("Nothing")

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=9, choices=Role.choices, default=Role.MEMBER)
    notify = models.CharField(_("notify"), max_length=8, choices=Notify.choices, default=Notify.MENTIONS)
    read_seq = models.BigIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="membership_once")]

    def __str__(self):
        return f"{self.user} · {self.room}"

    @property
    def moderates(self) -> bool:
        """Whether this person may act on what others said in the room."""
        return self.role in {self.Role.OWNER, self.Role.MODERATOR}
