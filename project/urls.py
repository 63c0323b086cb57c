"""URLs of the site: the chat, the pages for accounts, the admin."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from chat.views import accounts

manifest = TemplateView.as_view(template_name="manifest.webmanifest", content_type="application/manifest+json")

urlpatterns = [
    # First, because Django tries the patterns in this order, and most requests are for pages of rooms.
    path("", include("chat.urls")),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("admin/", admin.site.urls),
    # Before Django's views of the same names. They limit the attempts to sign in, to ask for a reset link and to choose
    # or change a password; a GET of sign-out asks first.
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/logout/", accounts.SignOut.as_view(), name="logout"),
    path("accounts/password_reset/", accounts.PasswordReset.as_view(), name="password_reset"),
    path("accounts/password_change/", accounts.PasswordChange.as_view(), name="password_change"),
    path("accounts/reset/<uidb64>/<token>/", accounts.NewPassword.as_view(), name="password_reset_confirm"),
    path("accounts/", include("django.contrib.auth.urls")),
]
