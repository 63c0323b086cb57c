"""The only settings file. What varies is read from the environment; a value that cannot work stops the start.

Every variable is listed, with its default and what it wants, in docs/operating.md. X_FILE names a file to read X from.
"""

import errno
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.http.request import split_domain_port, validate_host

from project.configuration import addresses, kinds
from project.configuration.environment import BadSetting, Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()


def keep_secret(path: Path) -> str:
    """Return the secret kept in `path`, making it on first use.

    Two processes may start at the same moment: `O_EXCL` lets one of them write, the other reads.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = get_random_secret_key()
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


# --- Where things are

DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "127.0.0.1", kinds.LISTEN_ADDRESS)
PORT = env.int("PORT", 3368, low=1, high=65535)
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"), kinds.FOLDER)).resolve()
EMBEDDED = not env.is_given("DATABASE_URL")
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if env.is_given("SECRET_KEY"):
        SECRET_KEY = env.str("SECRET_KEY", kind=kinds.SECRET)
    elif EMBEDDED or DEBUG:
        SECRET_KEY = keep_secret(VAR_DIR / "secret_key")
    else:
        raise BadSetting("SECRET_KEY", "it is not set, and DATABASE_URL is", kinds.SECRET.wants)
    if EMBEDDED and not os.access(VAR_DIR, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", VAR_DIR)
except OSError as error:
    raise BadSetting("VAR_DIR", f"{error.filename}: {error.strerror}", kinds.FOLDER.wants) from error

# --- Who may ask, and from where

# The name that a proxy serves with TLS; without one, the site is a machine's own.
SITE_ADDRESS = env.str("SITE_ADDRESS", "", kinds.SITE_ADDRESS)
PUBLIC_PORT = env.int("PUBLIC_PORT", PORT, low=1, high=65535)
SECURE_COOKIES = env.bool("SECURE_COOKIES", bool(SITE_ADDRESS))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", kind=kinds.HOST_PATTERN) or addresses.own_hosts(SITE_ADDRESS, HOST)
# Where people find the site: in links that are printed or sent by mail, never taken from a request.
SITE_URL = env.str("SITE_URL", None, kinds.SITE_URL) or addresses.default_site_url(
    SITE_ADDRESS, HOST, PUBLIC_PORT, ALLOWED_HOSTS, tls=SECURE_COOKIES
)
if not validate_host(split_domain_port(SITE_URL.partition("://")[2])[0], ALLOWED_HOSTS):
    raise BadSetting("ALLOWED_HOSTS", f"it leaves out the host of {SITE_URL}", "that one, too")
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", kind=kinds.ORIGIN)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", kind=kinds.ORIGIN)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", kind=kinds.PROXY)

# --- The house

INSTALLED_APPS = [
    "daphne",
    "project.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "chat",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "project.pages.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Behind a proxy that compresses, too: this one adds a random length against BREACH (see docs/operating.md).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "project.pages.OriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "chat.views.people.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chat.views.refusals.RefusedMiddleware",
]
CSRF_FAILURE_VIEW = "project.pages.refused_form"
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chat.views.context.site",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data

_sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "parley.sqlite3"}
_database = env.str("DATABASE_URL", None, kinds.DATABASE_URL) or _sqlite
DATABASES = {"default": _database}
DATABASE_POOLER = env.str("DATABASE_POOLER", "", kinds.one_of("pgbouncer"))
# A frozen worker must not freeze a room: the head is locked until commit, never for longer than this.
DATABASE_TIME_LIMITS = {
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "3s",
    "statement_timeout": "20s",
}
LIVE_THREADS = env.int("LIVE_THREADS", 8, low=1, high=256)
HTTP_THREADS = env.int("HTTP_THREADS", 4, low=1, high=256)
if _database["ENGINE"].endswith("sqlite3"):
    # FULL: an acknowledged message survives a power cut. IMMEDIATE: a transaction that reads first
    # and writes later would otherwise fail with "database is locked" instead of waiting.
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    }
else:
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = _database.get("OPTIONS", {}) | {
        "pool": {"min_size": 2, "max_size": LIVE_THREADS + HTTP_THREADS + 8, "timeout": 5},
        "connect_timeout": 5,
        # Parameters travel beside the statement, so that the database plans each one once a connection.
        "server_side_binding": True,
        "prepare_threshold": 2,
        "options": " ".join(f"-c {name}={value}" for name, value in DATABASE_TIME_LIMITS.items()),
    }
    if DATABASE_POOLER:
        # The next transaction may be on another of the database's connections: nothing may be left behind on one.
        # pgbouncer refuses start-up options; `migrate` gives the time limits to the role (see operations.pooler).
        del _database["OPTIONS"]["options"]
        _database["OPTIONS"]["prepare_threshold"] = None
        _database["DISABLE_SERVER_SIDE_CURSORS"] = True

REDIS_URL = env.str("REDIS_URL", "", kinds.REDIS_URL)
REDIS_PREFIX = env.str("REDIS_PREFIX", "parley", kinds.PREFIX)
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": REDIS_PREFIX},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    )
}
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
            "OPTIONS": {"serializer": "project.cache.IntegerSerializer"},
        }
        if REDIS_URL
        # Django keeps 300 entries when nothing is said: too few for a count of tries an address.
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    )
}

# --- People

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "chat:home"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "chat.models.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
_mail = env.str("EMAIL_URL", None, kinds.EMAIL_URL) or kinds.EMAIL_URL.parse("console://")
vars().update(_mail)
MAIL_THREADS = 2
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Parley <parley@localhost>", kinds.SENDER)

# --- Chat: its limits

CHAT_MAX_BODY = env.int("CHAT_MAX_BODY", 8000, low=1, high=20_000)
CHAT_POST_RATE = env.float("CHAT_POST_RATE", 10, high=10_000)
CHAT_POST_BURST = env.int("CHAT_POST_BURST", 40, low=1, high=100_000)
GUEST_RATE = env.int("GUEST_RATE", 30, high=100_000)

# --- The server: its limits

MAX_CONNECTIONS = env.int("MAX_CONNECTIONS", 20_000, high=1_000_000)
MAX_CONNECTIONS_PER_ADDRESS = env.int("MAX_CONNECTIONS_PER_ADDRESS", 1000, high=1_000_000)
MAX_HTTP_CONNECTIONS_PER_ADDRESS = env.int("MAX_HTTP_CONNECTIONS_PER_ADDRESS", 1000, high=1_000_000)
MAX_CONNECTIONS_PER_PERSON = env.int("MAX_CONNECTIONS_PER_PERSON", 100, high=1_000_000)
MAX_UNSENT = env.int("MAX_UNSENT", 1024 * 1024, low=64 * 1024, high=1024 * 1024 * 1024)
# At least the longest message: a character takes up to 12 bytes of JSON ("\\ud83d\\ude00").
MAX_MESSAGE_BYTES = env.int("MAX_MESSAGE_BYTES", 256 * 1024, low=12 * CHAT_MAX_BODY + 1024, high=16 * 1024 * 1024)
MAX_REQUEST_BYTES = env.int("MAX_REQUEST_BYTES", 256 * 1024, low=1000, high=1024 * 1024 * 1024)
# A quarter of it is for one address: at least its longest message or body.
_least_held = 4 * max(MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES)
MAX_HELD_BYTES = env.int("MAX_HELD_BYTES", max(64 * 1024 * 1024, _least_held), low=_least_held, high=2**40)
HANDSHAKE_TIMEOUT_S = env.float("HANDSHAKE_TIMEOUT_S", 10, low=0.1, high=600)
BODY_TIMEOUT_S = env.float("BODY_TIMEOUT_S", 60, low=0.1, high=3600)
SEND_TIMEOUT_S = env.float("SEND_TIMEOUT_S", 60, low=1, high=3600)
PING_INTERVAL_S = env.int("PING_INTERVAL_S", 20, low=1, high=3600)
PING_TIMEOUT_S = env.int("PING_TIMEOUT_S", 20, low=1, high=3600)
CLOSE_TIMEOUT_S = env.float("CLOSE_TIMEOUT_S", 5, low=0.1, high=600)
DRAIN_S = env.float("DRAIN_S", 10, high=600)

# --- What a browser may do with our pages

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
# With a name there is TLS. Whether a request came by it is the trusted proxy's word: without one we would not know, and
# would send people round in a circle.
SECURE_SSL_REDIRECT = bool(SITE_ADDRESS and TRUSTED_PROXIES)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 60 * 60 * 24 * 365 if SITE_ADDRESS else 0, high=10 * 60 * 60 * 24 * 365)
# HSTS for names below this one, and for the list that browsers ship: other sites' business, and hard to take back.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Icons that browsers and phones ask for by fixed names, at the root.
WHITENOISE_ROOT = BASE_DIR / "project" / "public"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "project.static.ModuleManifestStorage"
        )
    },
}

# --- Words and times

LANGUAGE_CODE = "en"
# The languages of our own templates. Django has more: its forms and its direction of writing would be in those, beside
# English sentences of ours.
LANGUAGES = [("en", "English")]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", "UTC", kinds.TIME_ZONE)
USE_TZ = True

# Lines for people, or JSON for those who collect it. Each request and socket is told of in JSON alone.
LOG_FORMAT = env.str("LOG_FORMAT", "line", kinds.one_of("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "project.operations.logs.LineFormatter",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "project.operations.logs.JSONFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO", kinds.LOG_LEVEL)},
    "loggers": {
        "parley.access": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        # A redirect of a static file to TLS asks for the host, too. HostMiddleware writes a line about the page.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
if LOG_FORMAT == "json" and _mail["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
    EMAIL_BACKEND = "project.operations.mail.ConsoleBackend"
