"""Bans of people with an account: adding one bans, lifting ends it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chat.domain import account_bans, removals
from chat.domain.errors import DomainError
from chat.models import AccountBan

from .account_forms import AccountField, end_of, hours_field, length_field, reason_field, until_field
from .account_table import link_to_work
from .base import BanAdmin


class AccountBanForm(forms.ModelForm):
    """Who is banned, how long, why, and what goes with it."""

    person = AccountField(label=_("Username"))
    length = length_field()
    until = until_field()
    reason = reason_field(help_text=_("The person sees it when they try to sign in."))
    hours = hours_field()

    class Meta:
        model = AccountBan
        fields = ("until", "reason")


@admin.register(AccountBan)
class AccountBanAdmin(BanAdmin):
    """The list of those who are banned now. Bans that were lifted or are over are in the record."""

    form = AccountBanForm
    add_label = _("Ban a person")
    fields = ("person", "length", "until", "reason", "hours")
    list_display = ("user", "reason", "until", "made_by", "made_at")
    list_filter = ("made_at",)
    list_select_related = ("user", "made_by")
    search_fields = (f"user__{get_user_model().USERNAME_FIELD}", "reason")
    actions = ("lift",)

    def get_urls(self):
        """With the address of the button that lifts one ban."""
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<path:object_id>/lift/", view, name="chat_accountban_lift"), *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        """Never: a ban is lifted, see `lift`."""
        return False

    def has_lift_permission(self, request):
        """Whether the user may lift bans."""
        return request.user.has_perm("chat.delete_accountban")

    def get_fields(self, request, obj=None):
        """The form; all columns of a stored ban."""
        return self.fields if obj is None else ("user", "reason", "until", "made_by", "made_at")

    def get_changeform_initial_data(self, request):
        """The person, if the address names one: `?person=bob`."""
        return {"person": request.GET.get("person", "")}

    def create(self, request, given):
        """Ban, and begin to remove what was written."""
        person, reason = given["person"], given["reason"]
        ban = account_bans.ban(user=person, by=request.user, reason=reason, until=end_of(given))
        if given["hours"]:
            work = removals.begin(user=person, hours=given["hours"], by=request.user, reason=reason)
            self.message_user(request, link_to_work(work), messages.SUCCESS)
        return ban

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A ban, with the button to lift it."""
        may_lift = self.has_lift_permission(request)
        url = reverse("admin:chat_accountban_lift", args=[object_id]) if may_lift else ""
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "lift_url": url})

    @admin.action(description=_("Lift the selected bans"), permissions=["lift"])
    def lift(self, request, queryset):
        """End bans."""
        self._lift(request, list(queryset.select_related("user")))

    def lift_view(self, request, object_id):
        """End one ban: the button on its page."""
        if not self.has_lift_permission(request) or request.method != "POST":
            raise PermissionDenied
        ban = self.get_object(request, object_id)
        self._lift(request, [ban] if ban else [])
        return HttpResponseRedirect(reverse("admin:chat_accountban_changelist"))

    def _lift(self, request, bans):
        count = 0
        for ban in bans:
            try:
                account_bans.lift(user=ban.user, by=request.user)
                count += 1
            except DomainError as error:
                self.message_user(request, error.detail, messages.ERROR)
        text = ngettext("%(number)d ban was lifted.", "%(number)d bans were lifted.", count) % {"number": count}
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)
