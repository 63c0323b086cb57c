"""The only settings file. What varies between sites is read from the environment.

An invalid value ends the start, with one line that names the variable. For each variable X, X_FILE may name a file that
holds its value. docs/settings.md lists all variables: after a change of this file, generate it with
`python -m project.configuration.reference`.
"""

import errno
import os
from pathlib import Path

from django.http.request import split_domain_port, validate_host

from project.configuration import addresses, content_security, databases, kinds, redis_backends, secret_key, storages
from project.configuration.environment import BadSetting, Environment
from project.configuration.log_config import log_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# --- Process and files

DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "127.0.0.1", kinds.LISTEN_ADDRESS)
PORT = env.int("PORT", 3368, low=1, high=65535)
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"), kinds.FOLDER)).resolve()
# Without DATABASE_URL the site is one process with SQLite. If SECRET_KEY is not set, it keeps a random one in VAR_DIR.
EMBEDDED = not env.is_given("DATABASE_URL")
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    SECRET_KEY = env.str("SECRET_KEY", None, kinds.SECRET if DEBUG else kinds.STRONG_SECRET)
    if not SECRET_KEY:
        if not EMBEDDED and not DEBUG:
            raise BadSetting("SECRET_KEY", "it is not set, and DATABASE_URL is", kinds.STRONG_SECRET.expected)
        SECRET_KEY = secret_key.read_or_create(VAR_DIR / "secret_key")
    if EMBEDDED and not os.access(VAR_DIR, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", VAR_DIR)
except OSError as error:
    raise BadSetting("VAR_DIR", f"{error.filename}: {error.strerror}", kinds.FOLDER.expected) from error

# --- Hosts, origins and proxies

# The name that a proxy serves with TLS. Without this name, people reach the site by the names of its machine.
SITE_ADDRESS = env.str("SITE_ADDRESS", "", kinds.SITE_ADDRESS)
PUBLIC_PORT = env.int("PUBLIC_PORT", PORT, low=1, high=65535)
SECURE_COOKIES = env.bool("SECURE_COOKIES", bool(SITE_ADDRESS))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", kind=kinds.HOST_PATTERN) or addresses.own_hosts(SITE_ADDRESS, HOST)
# Links that are printed or mailed begin with it. It is never taken from a request: a client can forge the Host header.
SITE_URL = env.str("SITE_URL", None, kinds.SITE_URL) or addresses.default_site_url(
    SITE_ADDRESS, HOST, PUBLIC_PORT, ALLOWED_HOSTS, tls=SECURE_COOKIES
)
if not validate_host(split_domain_port(SITE_URL.partition("://")[2])[0], ALLOWED_HOSTS):
    raise BadSetting("ALLOWED_HOSTS", f"it leaves out the host of {SITE_URL}", "that host as well")
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", kind=kinds.ORIGIN)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", kind=kinds.ORIGIN)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", kind=kinds.PROXY)

# --- Applications

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
    "django_tasks",
    "django_tasks_db",
    "project.people",
    "chat",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "project.pages.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Keep it behind a proxy that compresses, too: it adds a random number of bytes, against the BREACH attack
    # (docs/proxies.md).
    "project.compression.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "project.pages.OriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "chat.views.authentication.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chat.views.domain_errors.DomainErrorMiddleware",
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

# --- Database, Redis, threads

LIVE_THREADS = env.int("LIVE_THREADS", 8, low=1, high=256)
HTTP_THREADS = env.int("HTTP_THREADS", 4, low=1, high=256)
JOB_THREADS = env.int("JOB_THREADS", 2, low=1, high=64)
SEARCH_THREADS = env.int("SEARCH_THREADS", 2, low=1, high=64)
DATABASE_POOLER = env.str("DATABASE_POOLER", "", kinds.one_of("pgbouncer"))
DATABASE_TIME_LIMITS = databases.TIME_LIMITS
_sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "parley.sqlite3"}
_database = env.str("DATABASE_URL", None, kinds.DATABASE_URL) or _sqlite
_threads = LIVE_THREADS + HTTP_THREADS + JOB_THREADS + SEARCH_THREADS
DATABASES = {"default": databases.with_options(_database, pooler=DATABASE_POOLER, threads=_threads)}
REDIS_URL = env.str("REDIS_URL", "", kinds.REDIS_URL)
REDIS_PREFIX = env.str("REDIS_PREFIX", "parley", kinds.PREFIX)
CHANNEL_LAYERS = {"default": redis_backends.channel_layer(REDIS_URL, REDIS_PREFIX)}
CACHES = {"default": redis_backends.cache(REDIS_URL, REDIS_PREFIX)}

# --- Background jobs

# True: each server process runs jobs, too. False: they run only in a process `manage.py tasks`, which must be started.
JOBS_IN_SERVER = env.bool("JOBS_IN_SERVER", True)
# "slow": jobs that wait for other hosts. If a process has several threads for jobs, the first one does not run them.
TASKS = {"default": {"BACKEND": "chat.jobs.declare.JobBackend", "QUEUES": ["default", "slow"]}}
# Previews may be fetched from these pairs of an IP address and a port, although the addresses are not public. Only
# tests set it; there is no variable.
PREVIEWS_ALSO_FROM = []

# --- Accounts, sessions, mail

AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "chat:start"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "chat.models.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
_mail = env.str("EMAIL_URL", None, kinds.EMAIL_URL) or kinds.EMAIL_URL.parse("console://")
vars().update(_mail)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Parley <parley@localhost>", kinds.SENDER)

# --- Files

MAX_FILE_BYTES = env.int("MAX_FILE_BYTES", 100_000_000, low=1, high=2**40)
MAX_FILES_BYTES_PER_PERSON = env.int("MAX_FILES_BYTES_PER_PERSON", 10_000_000_000, high=2**50)
MAX_FILES_BYTES = env.int("MAX_FILES_BYTES", 0, high=2**60)
MIN_FREE_DISK_BYTES = env.int("MIN_FREE_DISK_BYTES", 512 * 1024 * 1024, high=2**50)
FILE_TYPES = env.list("FILE_TYPES", kind=kinds.MEDIA_TYPE)
CLAMD_URL = env.str("CLAMD_URL", "", kinds.CLAMD_URL)
_bucket = env.str("STORAGE_URL", None, kinds.STORAGE_URL)

# --- Limits of the chat

CHAT_MAX_BODY = env.int("CHAT_MAX_BODY", 8000, low=1, high=20_000)
CHAT_POST_RATE = env.float("CHAT_POST_RATE", 10, high=10_000)
CHAT_POST_BURST = env.int("CHAT_POST_BURST", 40, low=1, high=100_000)
SEARCH_LANGUAGES = env.list("SEARCH_LANGUAGES", ["en"], kinds.LANGUAGE)
GUEST_RATE = env.int("GUEST_RATE", 30, high=100_000)

# --- Limits of the server

MAX_CONNECTIONS = env.int("MAX_CONNECTIONS", 20_000, high=1_000_000)
MAX_CONNECTIONS_PER_ADDRESS = env.int("MAX_CONNECTIONS_PER_ADDRESS", 1000, high=1_000_000)
MAX_HANDSHAKES_PER_ADDRESS = env.float("MAX_HANDSHAKES_PER_ADDRESS", 50, high=1_000_000)
MAX_HTTP_CONNECTIONS_PER_ADDRESS = env.int("MAX_HTTP_CONNECTIONS_PER_ADDRESS", 1000, high=1_000_000)
MAX_CONNECTIONS_PER_PERSON = env.int("MAX_CONNECTIONS_PER_PERSON", 100, high=1_000_000)
MAX_UNSENT = env.int("MAX_UNSENT", 1024 * 1024, low=64 * 1024, high=1024 * 1024 * 1024)
# At least 12 bytes for each character of the longest text: JSON may write an emoji as \ud83d\ude00. 1024 bytes are for
# the other fields.
MAX_MESSAGE_BYTES = env.int("MAX_MESSAGE_BYTES", 256 * 1024, low=12 * CHAT_MAX_BODY + 1024, high=16 * 1024 * 1024)
MAX_REQUEST_BYTES = env.int("MAX_REQUEST_BYTES", 256 * 1024, low=1000, high=1024 * 1024 * 1024)
MAX_UPLOAD_CHUNK_BYTES = env.int("MAX_UPLOAD_CHUNK_BYTES", 4 * 1024 * 1024, high=1024 * 1024 * 1024)
# One address may use a quarter of MAX_HELD_BYTES. The longest message or request body must fit into that quarter.
_least_held = 4 * max(MAX_MESSAGE_BYTES, MAX_REQUEST_BYTES)
MAX_HELD_BYTES = env.int("MAX_HELD_BYTES", max(64 * 1024 * 1024, _least_held), low=_least_held, high=2**40)
HANDSHAKE_TIMEOUT_S = env.float("HANDSHAKE_TIMEOUT_S", 10, low=0.1, high=600)
BODY_TIMEOUT_S = env.float("BODY_TIMEOUT_S", 60, low=0.1, high=3600)
SEND_TIMEOUT_S = env.float("SEND_TIMEOUT_S", 60, low=1, high=3600)
PING_INTERVAL_S = env.int("PING_INTERVAL_S", 20, low=1, high=3600)
PING_TIMEOUT_S = env.int("PING_TIMEOUT_S", 20, low=1, high=3600)
CLOSE_TIMEOUT_S = env.float("CLOSE_TIMEOUT_S", 5, low=0.1, high=600)
DRAIN_S = env.float("DRAIN_S", 10, high=600)

# --- Security headers, static files

CONTENT_SECURITY_POLICY = content_security.policy(_bucket)
SECURE_REFERRER_POLICY = "same-origin"
# A site with SITE_ADDRESS has TLS. Only a trusted proxy can say that a request came by TLS. Without a trusted proxy,
# every request would look like plain HTTP, and would be redirected without end.
SECURE_SSL_REDIRECT = bool(SITE_ADDRESS and TRUSTED_PROXIES)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 60 * 60 * 24 * 365 if SITE_ADDRESS else 0, high=10 * 60 * 60 * 24 * 365)
# These two checks ask for HSTS on subdomains, and for the preload list of browsers. Both stay off: they affect other
# sites and are hard to undo.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "chat.bundles.BundleFinder",
]
# Icons that browsers and phones request by fixed names at the root of the site.
WHITENOISE_ROOT = BASE_DIR / "project" / "public"
# Pictures of people, and files of messages unless they are in a bucket. No URL leads there: a view checks who may see
# them.
MEDIA_ROOT = VAR_DIR / "files"
# Request bodies of more than FILE_UPLOAD_MAX_MEMORY_SIZE bytes are written here, not to /tmp: in a container, /tmp is
# memory.
REQUEST_BODIES_FOLDER = MEDIA_ROOT / "incoming"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
STORAGES = storages.storages(_bucket, debug=DEBUG)

# --- Internationalisation, logs

LANGUAGE_CODE = "en"
# Only the languages of our templates. With more, Django would translate its own texts in forms, perhaps from right to
# left, and our sentences beside them would stay English.
LANGUAGES = [("en", "English")]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", "UTC", kinds.TIME_ZONE)
USE_TZ = True
LOG_FORMAT = env.str("LOG_FORMAT", "line", kinds.one_of("line", "json"))
LOGGING = log_config(LOG_FORMAT, env.str("LOG_LEVEL", "INFO", kinds.LOG_LEVEL))
# Django's backend prints a mail as plain text. A reader of JSON logs could not parse that.
if LOG_FORMAT == "json" and _mail["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
    EMAIL_BACKEND = "project.operations.mail.ConsoleBackend"
