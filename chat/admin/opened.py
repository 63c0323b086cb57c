"""From a page of the site to the same thing in the admin: the pages know slugs and ids, not the admin's addresses."""

from django.contrib.auth import get_user_model
from django.http import Http404
from django.shortcuts import redirect

from chat.models import Room


def room(request, slug: str):
    """Redirect to the page of a room. Who may not see it gets the answer of that page."""
    found = Room.objects.exclude(kind=Room.Kind.DIRECT).filter(slug=slug).values_list("pk", flat=True).first()
    if found is None or not request.user.has_perm("chat.view_room"):
        raise Http404
    return redirect("admin:chat_room_change", found)


def person(request, user_id: int):
    """Redirect to the page of a person."""
    opts = get_user_model()._meta
    if not request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        raise Http404
    return redirect(f"admin:{opts.app_label}_{opts.model_name}_change", user_id)
