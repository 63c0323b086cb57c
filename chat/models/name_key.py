"""What people's names look like, so that no two can be taken for each other."""

from django.conf import settings
from django.db import models


class NameKey(models.Model):
    """One look of one person's name, as a digest (see `domain.names.keys`). The index makes sure that it is unique,
    whoever saves users at the same moment, and works with any user model."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=64, unique=True)

    def __str__(self):
        return f"{self.user_id} {self.key[:8]}"
