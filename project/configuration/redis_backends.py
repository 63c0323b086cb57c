"""The channel layer and the cache: in Redis where the site has one, else in the memory of the only worker."""

from typing import Any

MAX_CACHE_ENTRIES = 10_000
"""Django's default of 300 is too small: the cache counts attempts for each address."""
MAX_LAYER_MESSAGES = 10_000


def channel_layer(url: str, prefix: str) -> dict[str, Any]:
    """The default entry of CHANNEL_LAYERS. `url` is "" without Redis."""
    if not url:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": MAX_LAYER_MESSAGES}}
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [url], "prefix": prefix},
    }


def cache(url: str, prefix: str) -> dict[str, Any]:
    """The default entry of CACHES. `url` is "" without Redis."""
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": MAX_CACHE_ENTRIES},
        }
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": prefix,
        "OPTIONS": {"serializer": "project.cache.IntegerSerializer"},
    }
