"""Who belongs to a room, as what, and how far they have read; and who was restricted there."""

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


class Restriction(models.Model):
    """What a person who is not a member may not do in a room. It lasts until a moderator lifts it.

    A reader who leaves gets one, so that they come back as a reader; whoever is removed gets one, so that they cannot
    come back. Members have none: their role says what they may do.
    """

    class Kind(models.TextChoices):
        READER = "reader", _("Reader: may come back to read")
        BARRED = "barred", _("Barred: may neither see the room nor join it")

    room = models.ForeignKey("chat.Room", on_delete=models.CASCADE, related_name="restrictions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="restrictions")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    made_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="restriction_once")]

    def __str__(self):
        return f"{self.user} · {self.room} · {self.kind}"
