"""The app's name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The people of the site."""

    name = "project.people"
    label = "people"
    verbose_name = _("People")
