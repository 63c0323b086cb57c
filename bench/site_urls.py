"""Parley's URLs, and `/bench-empty/`: an empty Django view behind the same middleware."""

from django.http import HttpResponse
from django.urls import include, path


def empty(request):
    """An empty response."""
    return HttpResponse()


urlpatterns = [path("bench-empty/", empty), path("", include("project.urls"))]
