"""The page that sends invitations by e-mail."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import invite_mails
from chat.domain.errors import Invalid
from chat.models import Membership, Room

VALID_FOR = timedelta(days=7)


def rooms_to_choose():
    """The rooms that accept invitations."""
    return Room.objects.current().exclude(kind=Room.Kind.DIRECT)


def label_parts(field) -> None:
    """Name the two inputs of a date with a time, which Django labels only together."""
    for part, label in zip(field.widget.widgets, (_("Expires: day"), _("Expires: time")), strict=True):
        part.attrs["aria-label"] = label


class MailForm(forms.Form):
    """Whom to invite by e-mail, and to what."""

    text = forms.CharField(
        label=_("Addresses"),
        required=False,
        max_length=invite_mails.MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One on each line, with or without a name, or the lines of a CSV file. At most 500."),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False)
    room = forms.ModelChoiceField(rooms_to_choose(), label=_("Room"), required=False, empty_label=_("The whole site"))
    rooms = forms.ModelMultipleChoiceField(rooms_to_choose(), label=_("More rooms"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER)
    expires_at = forms.SplitDateTimeField(label=_("Expires"), widget=AdminSplitDateTime)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_parts(self.fields["expires_at"])

    def clean(self):
        """Parse the list."""
        given = super().clean()
        text, file = given.get("text", ""), given.get("file")
        if file is not None:
            if file.size > invite_mails.MAX_CHARACTERS:
                raise forms.ValidationError(_("This file is too large."))
            text = f"{text}\n{file.read().decode('utf-8', errors='replace')}"
        if not self.errors and not text.strip():
            raise forms.ValidationError(_("Type addresses, or choose a file."))
        try:
            given["addresses"] = invite_mails.parse(text.strip("\n"))
        except Invalid as error:
            raise forms.ValidationError(error.detail) from error
        return given


class InviteMails:
    """A base of the ModelAdmin of invitations: the page that sends them."""

    def get_urls(self):
        """With that page."""
        view = self.admin_site.admin_view
        return [path("mail/", view(self.mail), name="chat_invite_mail"), *super().get_urls()]

    def mail(self, request):
        """The page that invites people by e-mail."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        initial = {"expires_at": timezone.now() + VALID_FOR, "role": Membership.Role.MEMBER}
        form = MailForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=initial)
        problems = []
        if is_sent and form.is_valid():
            given = form.cleaned_data
            problems = given["addresses"].problems
            try:
                made = self._send(request, given)
            except Invalid as error:
                form.add_error(error.field if error.field in form.fields else None, error.detail)
            else:
                text = ngettext("%(number)d invite is sent.", "%(number)d invites are sent.", made)
                self.message_user(request, text % {"number": made}, messages.SUCCESS if made else messages.WARNING)
                if not problems:
                    return HttpResponseRedirect(reverse("admin:chat_invite_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Invite by e-mail"),
            "opts": self.model._meta,
            "form": form,
            "problems": problems,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/chat/invite/mail.html", context)

    def _send(self, request, given) -> int:
        made = invite_mails.invite_all(
            addresses=given["addresses"].found,
            by=request.user,
            room=given["room"],
            more_rooms=given["rooms"],
            role=given["role"],
            expires_at=given["expires_at"],
        )
        return len(made)
