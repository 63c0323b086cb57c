"""Django's own apps, as this site has them."""

from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db.models.signals import post_migrate

from .operations import pooler


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with this site's `AdminSite`."""

    default_site = "project.admin.AdminSite"

    def ready(self):
        """Let `migrate` give the database's role the time limits that a pooler does not pass on."""
        super().ready()
        if settings.DATABASE_POOLER:
            post_migrate.connect(pooler.set_time_limits, sender=self)
