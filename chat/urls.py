"""Addresses of the chat's pages."""

app_name = "chat"
urlpatterns = []
