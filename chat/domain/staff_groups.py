"""The group of Django that a site has from its set-up: moderators, who see nothing in the admin but moderation."""

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _

MODERATORS_MAY = (
    *("view_message", "view_revision"),
    *("view_guestban", "add_guestban", "delete_guestban"),
    *("view_accountban", "add_accountban", "delete_accountban"),
    *("view_accountwork", "add_accountwork", "change_accountwork"),
    *("view_report", "view_heldmessage", "view_personmute", "moderate_site"),
    *("view_messagefilter", "add_messagefilter", "change_messagefilter", "delete_messagefilter"),
)
"""The permissions of the group, all of `chat`. Of private and direct rooms they show nothing."""


def make_moderators() -> Group:
    """The group “Moderators” with its permissions; it is made if there is none of this name, and else left as it is."""
    group, made = Group.objects.get_or_create(name=_("Moderators"))
    if made:
        group.permissions.set(Permission.objects.filter(content_type__app_label="chat", codename__in=MODERATORS_MAY))
    return group
