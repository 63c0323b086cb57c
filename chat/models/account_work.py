"""Long work on what one person wrote: a job does it in small steps."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountWork(models.Model):
    """A removal of what somebody wrote of late, the deletion of an account, or the merge of two accounts.

    `user` is the account, None for a guest; `sender_key` (see `sender`) finds the messages of both. `name` is what the
    person was called then. `into` is the account that gets everything of a merge. `since`: a removal takes what was
    written from then until `made_at`. `total` and `done` count steps, mostly messages; more may come while it runs.
    """

    UNDO_FOR = timedelta(days=7)
    """How long a removal can be undone."""

    class Kind(models.TextChoices):
        REMOVAL = "removal", _("Remove what was written")
        DELETION = "deletion", _("Delete an account")
        ERASURE = "erasure", _("Delete an account and all that was written")
        MERGE = "merge", _("Merge two accounts")

    class State(models.TextChoices):
        RUNNING = "running", _("Runs")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Is undone")
        UNDONE = "undone", _("Undone")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    into = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sender_key = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("person"), max_length=150)
    since = models.DateTimeField(_("written since"), null=True)
    reason = models.CharField(_("reason"), max_length=250, blank=True, default="")
    total = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("begun"))

    class Meta:
        verbose_name = _("work on an account")
        verbose_name_plural = _("work on accounts")
        ordering = ["-pk"]
        indexes = [
            # For the job that continues work, and for the page of an account.
            models.Index(
                fields=["state"],
                name="account_work_open",
                condition=models.Q(state="running") | models.Q(state="undoing"),
            ),
        ]

    def __str__(self):
        return f"{self.name} · {self.get_kind_display()}"

    @property
    def is_running(self) -> bool:
        """Whether a job works on it."""
        return self.state in (self.State.RUNNING, self.State.UNDOING)

    @property
    def can_be_undone(self) -> bool:
        """Whether it is a finished removal of the last days."""
        done = self.kind == self.Kind.REMOVAL and self.state == self.State.DONE
        return done and timezone.now() < self.undo_until

    @property
    def undo_until(self):
        """When a removal becomes final."""
        return self.made_at + self.UNDO_FOR
