"""The same site for stock Daphne: the same settings and middleware, with Django's own ASGI handler."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.site_settings")

application = get_asgi_application()
