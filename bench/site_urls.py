"""Parley's addresses, and `/bench-empty/`: what any Django view costs here, with the same middleware."""

from django.http import HttpResponse
from django.urls import include, path


def empty(request):
    """Nothing."""
    return HttpResponse()


urlpatterns = [path("bench-empty/", empty), path("", include("project.urls"))]
