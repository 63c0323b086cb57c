"""What a person has chosen for their sidebar as a whole. Choices for one room are columns of `Membership`."""

from django.conf import settings
from django.db import models


class Sidebar(models.Model):
    """The sidebar of one person. The row is created at their first change.

    `folded`: the names of the folded sections, separated by spaces.
    """

    DEFAULT = "archived"
    """`folded` of a person who has no row."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="chat_sidebar"
    )
    folded = models.CharField(max_length=100, blank=True, default=DEFAULT)

    def __str__(self):
        return f"{self.user}: {self.folded}"
