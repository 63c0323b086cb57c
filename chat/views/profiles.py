"""The page on which people change their profile, their picture and their status, and how they see the pages."""

import re
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chat.domain import guests, people, pictures, profiles, throttle
from chat.domain.errors import Invalid
from chat.models import Room

from .accounts import client_address
from .profile_forms import GuestNameForm, ProfileForm

HUES = 12
"""As many as avatar.css has classes `hue-…`."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request):
    """Change what others see of oneself, and how one sees the pages."""
    stored = people.profile_of(request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, profile=stored)
    if form.is_valid():
        throttle.take_for(throttle.PROFILE, str(request.user.pk))
        # A second instance: after an error the page shows `request.user`, which then has no value that was not stored.
        user = people.load(request.user.pk)
        try:
            with transaction.atomic():
                profiles.change(user=user, **form.changes)
                profiles.set_status(user=user, **form.status)
        except Invalid as error:
            form.add_domain_error(error)
        else:
            messages.success(request, _("Your profile was saved."))
            return redirect("chat:profile")
    person = people.as_person(request.user)
    return render(
        request,
        "chat/profile.html",
        {"form": form, "person": person, "hue": _hue(request.user), "initials": _initials(person.name)},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_picture(request):
    """Store another picture, or remove the present one. A GET, which follows a sign-in on the way, goes to the form."""
    if request.method != "POST":
        return redirect("chat:profile")
    throttle.take_for(throttle.PROFILE, str(request.user.pk))
    uploaded = request.FILES.get("picture")
    if "remove" in request.POST:
        profiles.remove_picture(user=request.user)
        messages.success(request, _("Your picture was removed."))
    elif uploaded is None:
        messages.error(request, _("Choose a file first."))
    else:
        try:
            profiles.set_picture(user=request.user, image=uploaded.read(pictures.MAX_BYTES + 1))
            messages.success(request, _("Your picture was changed."))
        except Invalid as error:
            messages.error(request, error.detail)
    return redirect("chat:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_name(request):
    """Let a guest choose the name that others see, then lead them back to the room from whose page they came. Users go
    to their profile."""
    if request.user.is_authenticated:
        return redirect("chat:profile")
    guest = guests.get_guest(request.session)
    if guest is None:
        return redirect("chat:home")
    form = GuestNameForm(request.POST if request.method == "POST" else None, initial={"name": guest.name})
    if form.is_valid():
        throttle.take(throttle.GUEST_NAME, client_address(request))
        try:
            guests.rename(session=request.session, name=form.cleaned_data["name"])
        except Invalid as error:
            form.add_error("name", error.detail)
        else:
            room = _visible_room(request, request.POST.get("room", ""))
            return redirect("chat:room", room.slug) if room else redirect("chat:home")
    room = _visible_room(request, request.POST.get("room") or _room_before(request))
    return render(request, "chat/guest_name.html", {"form": form, "room": room})


def _room_before(request) -> str:
    """The slug of the room whose page had the link to this one; empty for another page."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    try:
        return str(resolve(before.path).kwargs.get("slug", ""))
    except Resolver404:
        return ""


def _visible_room(request, slug: str) -> Room | None:
    return Room.objects.visible_to(request.user).filter(slug=slug[:64]).first() if slug else None


def _initials(name: str) -> str:
    """What stands in place of a picture, as in `drawAvatar` of dom.js."""
    return "".join(word[0] for word in re.split(r"[\s._+@-]+", name) if word)[:2].upper() or "?"


def _hue(user) -> int:
    """The number of the colour behind a person's initials, as in `drawAvatar` of dom.js: FNV-1a of their key."""
    value = 0x811C9DC5
    for byte in people.sender_key(user).encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value % HUES
