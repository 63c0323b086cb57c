"""Lists of tables that grow with every message: they page through the newest rows, and search among them."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

COUNTED_ROWS = 10_000
"""Rows that a list pages through. Whoever looks for an older one filters."""
SEARCHED_ROWS = 50_000
"""A search reads the newest of the rows: their texts have no index."""


class BoundedPaginator(Paginator):
    """Counts COUNTED_ROWS at most: a count reads every row."""

    @cached_property
    def count(self):
        """The number of rows, or COUNTED_ROWS."""
        return self.object_list.order_by()[:COUNTED_ROWS].count()


class NewestFirst:
    """A base of a ModelAdmin: the newest rows first. Another order would sort the whole table."""

    paginator = BoundedPaginator
    ordering = ("-pk",)
    sortable_by = ()
    search_help_text = _("Searched are the newest 50,000.")

    def get_search_results(self, request, queryset, search_term):
        """Search among the newest rows."""
        if search_term:
            newest = self.model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
            queryset = queryset.filter(pk__gt=newest - SEARCHED_ROWS)
        return super().get_search_results(request, queryset, search_term)
