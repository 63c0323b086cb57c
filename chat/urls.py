"""Addresses of the chat's pages."""

from django.urls import path

from .views import invites, rooms, setup

app_name = "chat"
urlpatterns = [
    path("", rooms.home, name="home"),
    path("chat", rooms.socket, name="socket"),
    path("rooms/<slug:slug>/", rooms.room, name="room"),
    path("rooms/<slug:slug>/join/", rooms.join, name="join"),
    path("rooms/<slug:slug>/leave/", rooms.leave, name="leave"),
    path("setup/<str:token>/", setup.setup, name="setup"),
    path("join/<str:token>/", invites.invite, name="invite"),
]
