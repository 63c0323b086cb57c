"""Keys without sense, and errors of the domain, in every list of the admin: a message, never an error 500."""

import pytest
from django.contrib import admin
from django.urls import reverse

from chat.domain.errors import Forbidden
from chat.models import Membership

pytestmark = pytest.mark.django_db
KEYS = ["0", "-1", "x", "²", "9" * 30, "9" * 5000]


def lists() -> dict:
    """The addresses of the lists, and their admins."""
    return {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): one
        for model, one in admin.site._registry.items()
        if model._meta.app_label in ("chat", "people")
    }


def test_no_page_fails_for_a_key_without_sense(doras, lobby):
    for address in lists():
        for key in KEYS:
            for page in ("change", "history", "delete"):
                status = doras.get(f"{address}{key}/{page}/").status_code
                assert status in (302, 403, 404), (address, key[:40], page, status)


def test_no_action_fails_for_keys_without_sense(doras, lobby):
    for address, one in lists().items():
        for action in one.actions or ():
            sent = doras.post(address, {"action": action, "_selected_action": KEYS, "apply": "1"})
            assert sent.status_code in (200, 302), (address, action)


def test_an_error_of_the_domain_is_a_message_when_a_row_is_deleted(doras, harbour, bob, monkeypatch):
    def refuse(**_given):
        raise Forbidden("Not this person.")

    monkeypatch.setattr("chat.domain.rooms.remove", refuse)
    member = Membership.objects.get(room=harbour, user=bob)
    page = reverse("admin:chat_membership_delete", args=[member.pk])
    chosen = {"action": "delete_selected", "_selected_action": [member.pk], "post": "yes"}
    for address, given in ((page, {"post": "yes"}), (reverse("admin:chat_membership_changelist"), chosen)):
        assert "Not this person." in doras.post(address, given, follow=True).text
    assert Membership.objects.filter(pk=member.pk).exists()
