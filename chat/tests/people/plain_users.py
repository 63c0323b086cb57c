"""Settings of a site that has Django's own user model instead of `project.people`."""

from project.settings import *  # noqa: F403

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "project.people"]  # noqa: F405
AUTH_USER_MODEL = "auth.User"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]
