"""The record of what staff, moderators and owners did."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import NeverDone


class RecordedAction(models.Model):
    """One action: who did what, to whom, where, from which address. Rows are only added.

    People and objects are named by key and by the name that they had, without foreign keys: the row stays as it is when
    they are renamed or deleted. `actor` is None for the command line and for jobs of the site. `before` and `after`
    have only what the action changed, never the text of a message.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor = models.BigIntegerField(null=True, editable=False)
    actor_name = models.CharField(_("by"), max_length=150, blank=True, editable=False)
    verb = models.CharField(_("action"), max_length=40, editable=False)
    object_kind = models.CharField(_("kind"), max_length=20, editable=False)
    object_id = models.CharField(max_length=64, editable=False)
    object_name = models.CharField(_("to"), max_length=250, blank=True, editable=False)
    room = models.BigIntegerField(null=True, editable=False)
    room_name = models.CharField(_("room"), max_length=80, blank=True, editable=False)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    address = models.CharField(_("address"), max_length=45, blank=True, editable=False)

    class Meta:
        verbose_name = _("recorded action")
        verbose_name_plural = _("record of actions")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["actor", "id"], name="record_actor"),
            models.Index(fields=["object_kind", "object_id", "id"], name="record_object"),
            models.Index(fields=["room", "id"], name="record_room"),
            models.Index(fields=["verb", "id"], name="record_verb"),
        ]
        constraints = [
            NeverDone(name="record_never_changed", operation="UPDATE"),
            NeverDone(name="record_never_deleted", operation="DELETE"),
            NeverDone(name="record_never_replaced", operation="REPLACE"),
            NeverDone(name="record_never_emptied", operation="TRUNCATE"),
        ]

    def __str__(self):
        return f"{self.actor_name} · {self.verb} · {self.object_name}"
