"""The site's own emoji: the page that lists, adds and removes them, and their pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat.domain import custom_emoji, site_permissions, throttle
from chat.domain.errors import Invalid
from chat.models import CustomEmoji

from .storage_errors import storage_errors

MAX_AGE_S = 60 * 60
"""The address has the name, which another picture may get later: browsers ask again after this time."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage(request: HttpRequest) -> HttpResponse:
    """List the emoji. A POST adds one (`name` and the file `picture`), or removes the one named by `remove`.

    Raises Forbidden, NotFound.
    """
    error: Invalid | None = None
    if request.method == "POST":
        throttle.take_for(throttle.PROFILE, str(request.user.pk))
        try:
            return _change(request)
        except Invalid as invalid:
            error = invalid
    rows = list(CustomEmoji.objects.select_related("added_by"))
    context = {
        "emoji": [
            {"name": row.name, "by": row.added_by, "removable": custom_emoji.may_remove(row, request.user)}
            for row in rows
        ],
        "may_add": site_permissions.ADD_EMOJI in site_permissions.of(request.user),
        "error": error,
        "name": request.POST.get("name", ""),
        "limits": {"bytes": custom_emoji.MAX_BYTES, "side": custom_emoji.SIDE_PX},
    }
    return render(request, "chat/custom_emoji.html", context, status=error.status if error else 200)


def _change(request: HttpRequest) -> HttpResponse:
    if name := request.POST.get("remove"):
        custom_emoji.remove(name=name, by=request.user)
        messages.success(request, _("The emoji was removed."))
    else:
        uploaded = request.FILES.get("picture")
        if uploaded is None:
            raise Invalid(_("Choose a picture."), field="picture")
        # One byte more: `add` refuses a file that is longer than the limit.
        image = uploaded.read(custom_emoji.MAX_BYTES + 1)
        row = custom_emoji.add(name=request.POST.get("name", ""), image=image, by=request.user)
        messages.success(request, _("%(emoji)s was added.") % {"emoji": row})
    return redirect("chat:custom_emoji")


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """The picture of an emoji, in WebP, for users and for guests who can see a room."""
    with storage_errors():
        found = custom_emoji.open_file(name, request.user)
    if found is None:
        raise Http404
    stored, file = found
    etag = f'"{stored}"'
    with file, storage_errors():
        unchanged = get_conditional_response(request, etag=etag)
        headers = {"X-Content-Type-Options": "nosniff", "ETag": etag}
        response = unchanged or HttpResponse(file.read(), content_type="image/webp", headers=headers)
    patch_cache_control(response, private=True, max_age=MAX_AGE_S)
    return response
