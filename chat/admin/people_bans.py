"""The action of the list of people that bans several of them, after a page that says who may be banned."""

from django import forms
from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import account_bans, account_rules
from chat.domain.errors import DomainError

from .account_forms import end_of, length_field, reason_field, until_field

MOST = 100
"""People whom one action bans: the sessions and sockets of each are ended by themselves."""
BANNED = [{"changed": {"fields": ["Active"]}}]


class BanSeveralForm(forms.Form):
    """How long the chosen people are banned, and why."""

    length = length_field()
    until = until_field()
    reason = reason_field(help_text=_("The people see it when they try to sign in."))

    def clean_until(self):
        """Raise ValidationError for an end that is over: before anybody is banned."""
        try:
            return account_rules.check_end(self.cleaned_data["until"])
        except DomainError as error:
            raise forms.ValidationError(error.detail) from error


class BansPeople:
    """A base of the ModelAdmin of users: the action that bans those who are chosen."""

    def has_ban_permission(self, request):
        """Whether the user may ban people: the permission `ban` of the action."""
        return request.user.has_perm("chat.add_accountban")

    @admin.action(description=_("Ban…"), permissions=["ban"])
    def ban(self, request, queryset):
        """Ban people with one reason and one end. Those who may not be banned are named, and left out."""
        chosen = list(queryset.order_by("pk")[:MOST])
        refused = [(user, why) for user in chosen if (why := _why_not(user, request.user))]
        free = [user for user in chosen if user not in {user for user, _why in refused}]
        form = BanSeveralForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            return self._ban(request, chosen, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ban people"),
            "opts": self.model._meta,
            "people": free,
            "refused": refused,
            "left_out": max(0, queryset.count() - MOST),
            "most": MOST,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/chat/ban_people.html", context)

    def _ban(self, request, chosen, given) -> None:
        done, until = 0, end_of(given)
        for user in chosen:
            try:
                # It checks again: rights may have changed since the page was shown.
                account_bans.ban(user=user, by=request.user, reason=given["reason"], until=until)
            except DomainError as error:
                self.message_user(request, f"{user}: {error.detail}", messages.ERROR)
            else:
                self.log_change(request, user, BANNED)
                done += 1
        text = ngettext("%(number)d person was banned.", "%(number)d people were banned.", done)
        self.message_user(request, text % {"number": done}, messages.SUCCESS if done else messages.WARNING)


def _why_not(user, by) -> str:
    """Why this account may not be banned, "" if it may."""
    try:
        account_rules.check(user, by)
    except DomainError as error:
        return error.detail
    if not user.is_active and account_bans.of_account(user) is None:
        return _("This account is deactivated already.")
    return ""
