"""What staff do with one account: each action has a page that says what happens, and a button.

The rules are those of the domain (`account_rules`); a page shows its errors above the form.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from chat.domain import account_bans, accounts
from chat.domain.errors import DomainError

from .account_table import ACTIONS, CHANGE, Action, Link


class AccountActions:
    """A base of the ModelAdmin of users: the pages of ACTIONS, and their buttons on the page of a person."""

    change_form_template = "admin/chat/person_form.html"

    def get_urls(self):
        """With the page of each action."""
        view = self.admin_site.admin_view(self.action_view)
        own = [path("<path:object_id>/do/<slug:name>/", view, name=self._address("action"))]
        return own + super().get_urls()

    def _address(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _is_allowed(self, request, action: Action, user) -> bool:
        if action.permission == CHANGE:
            return self.has_change_permission(request, user)
        return action.is_allowed(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The form of a person, with the state of the account and the buttons."""
        user = self.get_object(request, object_id)
        extra = {} if user is None else self._state_of(request, user)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def _state_of(self, request, user) -> dict:
        allowed = {name: action for name, action in ACTIONS.items() if self._is_allowed(request, action, user)}
        offered = [
            {
                "label": action.label,
                "url": reverse(f"admin:{self._address('action')}", args=[user.pk, name]),
                "is_danger": action.is_danger,
            }
            for name, action in allowed.items()
            if user.pk != request.user.pk and action.offered(user)
        ]
        may_ban = request.user.has_perm("chat.add_accountban") and user.is_active and user.pk != request.user.pk
        ban = f"{reverse('admin:chat_accountban_add')}?person={user.get_username()}" if may_ban else ""
        found = account_bans.of_account(user)
        return {
            "account": user,
            "ban": found,
            "ban_url": ban,
            "is_deleted": accounts.is_deleted(user),
            "account_actions": offered,
        }

    def action_view(self, request, object_id, name):
        """The page of an action: what happens, and the button that does it."""
        action, user = ACTIONS.get(name), self.get_object(request, object_id)
        if user is None or action is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self._is_allowed(request, action, user):
            raise PermissionDenied
        return self.show_action(request, user, action)

    def show_action(self, request, user, action: Action):
        """Show the page of an action, or do it. The caller has checked the permission."""
        back, made = self._page_of(request, user), ""
        form = action.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                said = action.run(request, user, form.cleaned_data)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.detail))
            else:
                self.log_change(request, user, str(action.title))
                if not isinstance(said, Link):
                    self.message_user(request, said, messages.SUCCESS)
                    return HttpResponseRedirect(back)
                made = said.url
        context = {
            **self.admin_site.each_context(request),
            "title": action.title,
            "opts": self.opts,
            "person": user,
            "action": action,
            "form": form,
            "back": back,
            "link": made,
        }
        return TemplateResponse(request, "admin/chat/person_action.html", context)

    def _page_of(self, request, user) -> str:
        """Where an action leads to: the page of the person, or the front page for those who may not see it."""
        if self.has_view_permission(request, user):
            return reverse(f"admin:{self._address('change')}", args=[user.pk])
        return reverse("admin:index")
