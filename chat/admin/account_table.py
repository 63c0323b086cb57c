"""The table of what staff do with one account: what its page says, who may do it, and the verb that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chat.domain import account_bans, accounts, erasing, merging, removals
from chat.domain.errors import Forbidden

from .account_forms import DeleteForm, MergeForm, NoForm, RemoveWordsForm


@dataclass(frozen=True, slots=True)
class Link:
    """What an action returns that has made a link. It is shown once, and kept nowhere."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action on the account of one person.

    `label`: of the button on the person's page; `lines`: what happens, one sentence each; `run` does it and returns the
    message that is shown after it, or a Link. `offered`: whether it makes sense for the account as it is; `permission`:
    that of Django, "" for superusers only.
    """

    label: Any
    title: Any
    lines: tuple[Any, ...]
    run: Callable[[Any, Any, dict], Any]
    permission: str
    form: type[forms.Form] = NoForm
    offered: Callable[[Any], bool] = lambda user: user.is_active
    is_danger: bool = False

    def is_allowed(self, request) -> bool:
        """Whether this staff user has the permission."""
        user = request.user
        return user.has_perm(self.permission) if self.permission else user.is_active and user.is_superuser


def _deactivate(request, user, given):
    accounts.deactivate(user=user, by=request.user)
    return _("The account was deactivated.")


def _reactivate(request, user, given):
    accounts.reactivate(user=user, by=request.user)
    return _("The account is active again.")


def _lift_ban(request, user, given):
    account_bans.lift(user=user, by=request.user)
    return _("The ban was lifted.")


def _sign_out(request, user, given):
    accounts.sign_out_everywhere(user=user, by=request.user)
    return _("All sessions of this person were ended.")


def _new_password(request, user, given):
    # Whoever has the link can sign in as this person: see `rights`.
    if not request.user.is_superuser and not getattr(user, user.get_email_field_name()):
        raise Forbidden(_("This person has no e-mail address: ask a superuser, who gets a link."))
    link = request.build_absolute_uri(accounts.require_new_password(user=user, by=request.user))
    return Link(link) if request.user.is_superuser else _("A mail with a link was sent to this person.")


def _remove_words(request, user, given):
    work = removals.begin(user=user, hours=given["hours"], by=request.user, reason=given["reason"])
    return link_to_work(work)


def _merge(request, user, given):
    work = merging.begin(user=user, into=given["into"], by=request.user, reason=given["reason"])
    return link_to_work(work)


def link_to_work(work):
    """A message with a link to the page that shows how far the work is."""
    address = reverse("admin:chat_accountwork_change", args=[work.pk])
    return format_html('{} <a href="{}">{}</a>', _("A job works on it."), address, _("See how far it is"))


def _is_banned(user) -> bool:
    return account_bans.of_account(user) is not None


def _delete(request, user, given):
    words = given["words"] == "delete"
    return link_to_work(erasing.begin(user=user, by=request.user, words=words, reason=given["reason"]))


CHANGE = "change"
"""The permission to change accounts, as the admin of users checks it."""
ACTIONS = {
    "deactivate": Action(
        label=_("Deactivate"),
        title=_("Deactivate the account"),
        lines=(
            _("The person is signed out everywhere at once, and cannot sign in."),
            _("Their invitations and their scheduled messages stop."),
            _("What they wrote stays. You can reactivate the account at any time."),
        ),
        run=_deactivate,
        permission=CHANGE,
        offered=lambda user: user.is_active or _is_banned(user),
        is_danger=True,
    ),
    "lift-ban": Action(
        label=_("Lift the ban"),
        title=_("Lift the ban"),
        lines=(_("The person can sign in again at once."),),
        run=_lift_ban,
        permission="chat.delete_accountban",
        offered=lambda user: not user.is_active and _is_banned(user),
    ),
    "reactivate": Action(
        label=_("Reactivate"),
        title=_("Reactivate the account"),
        lines=(_("The person can sign in again with their password. Their rooms are as they were."),),
        run=_reactivate,
        permission=CHANGE,
        offered=lambda user: not user.is_active and not _is_banned(user) and not accounts.is_deleted(user),
    ),
    "sign-out": Action(
        label=_("Sign out everywhere"),
        title=_("Sign out everywhere"),
        lines=(_("All their pages and programs are disconnected. They can sign in again."),),
        run=_sign_out,
        permission=CHANGE,
    ),
    "new-password": Action(
        label=_("Demand a new password"),
        title=_("Demand a new password"),
        lines=(
            _("The present password no longer counts, and the person is signed out everywhere."),
            _("They get a mail with a link to choose a new one. A superuser gets the link, too."),
        ),
        run=_new_password,
        permission=CHANGE,
    ),
    "remove-words": Action(
        label=_("Remove what they wrote"),
        title=_("Remove what the person wrote"),
        lines=(
            _("A job removes their messages of the last hours from all rooms, also from private and direct ones."),
            _("You can undo this for a week: then files and texts are deleted for good."),
        ),
        run=_remove_words,
        permission="chat.add_accountwork",
        form=RemoveWordsForm,
        offered=lambda user: not accounts.is_deleted(user),
        is_danger=True,
    ),
    "merge": Action(
        label=_("Merge into another account"),
        title=_("Merge into another account"),
        lines=(
            _("For two accounts of one person. This account is closed at once, and its name becomes free at the end."),
            _("Messages, files, reactions, votes, mentions, saved and scheduled messages move to the other account."),
            _("So do memberships, with the higher role of both, and direct conversations."),
            _("If both have a conversation with the same people, that of this account is archived beside the other."),
            _("Rights of staff, groups, profile and settings are not merged. This cannot be undone."),
        ),
        run=_merge,
        permission="",
        form=MergeForm,
        offered=lambda user: not accounts.is_deleted(user),
        is_danger=True,
    ),
}

DELETE = Action(
    label=_("Delete the account"),
    title=_("Delete the account"),
    lines=(
        _("Others have seen what this person did: so the account becomes “Deleted person”. This cannot be undone."),
        _("Username, e-mail address, profile, picture, settings, drafts and sessions are deleted at once."),
        _("The person leaves all rooms. Rooms that nobody else owns keep their members; staff can name a new owner."),
        _("Others may use the username from now on. What others wrote about the person stays."),
    ),
    run=_delete,
    permission="",
    form=DeleteForm,
    is_danger=True,
)
"""What the page that deletes an account shows for a person who has left traces; its view checks the permission."""
