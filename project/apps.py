"""Django's own apps, as this site has them."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with this site's `AdminSite`."""

    default_site = "project.admin.AdminSite"
