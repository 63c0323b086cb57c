"""Columns of the lists of rooms and people that are not columns of their tables: read for a whole page at once."""

from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from chat.domain import accounts, people


class ListWithExtras(ChangeList):
    """A list whose ModelAdmin reads more about the objects of the page that is shown: `read_extras(objects)`."""

    def get_results(self, request):
        """The objects of the page, with `extras` set on each."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.read_extras(self.result_list)


def ago(at):
    """A time as a reader of a list needs it: how long ago, with the exact time as its title; a dash for None."""
    if at is None:
        return "–"
    local = timezone.localtime(at)
    gone_s = (timezone.now() - at).total_seconds()
    text = _("just now") if gone_s < 60 else _("%(time)s ago") % {"time": timesince(at, depth=1)}
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), f"{local:%Y-%m-%d %H:%M}", text)


def account_name(user):
    """The handle of an account; of a deleted one, the words that the timeline shows for it."""
    return people.as_name(user).name if accounts.is_deleted(user) else user.get_username()


def number(count: int):
    """A number in a column of numbers; zero is dim."""
    return format_html(
        '<span class="number{}">{}</span>', "" if count else " none", f"{count:,}".replace(",", "\u202f")
    )
