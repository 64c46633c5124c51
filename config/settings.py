"""Django's settings. Values from outside come through config.environment, typed and checked."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from config.environment import database_of, read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
# Not in capitals: a page of Django's that shows all settings would show its secrets.
env = read_environment()

DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY
ALLOWED_HOSTS = env.ALLOWED_HOSTS

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "jobs",
    "networks",
    "tiles",
    "pro_eligibility",
    "airtable_sync",
    "config.apps.ProjectConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.PageLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {"default": database_of(env.DATABASE_URL)}
if not env.DATABASE_URL:
    # A private PostgreSQL, which starts by itself when the first connection is opened.
    from config.postgres import private_database

    DATABASES["default"] = private_database(BASE_DIR / ".local")
# A line of its own for LISTEN means that the other one goes through a pooler.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = bool(env.DATABASE_LISTEN_URL)
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "eligibility-tests", "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
# Of a form without its files, whose limit is in pro_eligibility.uploads.limits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Static files are served from the apps themselves, so nothing has to be collected first.
WHITENOISE_USE_FINDERS = True

REST_FRAMEWORK: dict[str, Any] = {
    # Basic comes first: its header is what turns an anonymous 403 into a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.BasicAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "jobs.api.schema.Schema",
    "EXCEPTION_HANDLER": "jobs.api.problems.problem_details",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Jobs",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No badge: its picture would come from the internet.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"JobStatus": "jobs.models.schema.Status"},
}

JOBS: dict[str, Any] = {
    "heartbeat": timedelta(seconds=env.JOBS_HEARTBEAT_SECONDS),
    "alive_for": timedelta(seconds=env.JOBS_ALIVE_FOR_SECONDS),
    "kill_after": timedelta(seconds=env.JOBS_KILL_AFTER_SECONDS),
    "child_max_jobs": env.JOBS_CHILD_MAX_JOBS,
    "child_max_memory_mb": env.JOBS_CHILD_MAX_MEMORY_MB,
    "notify": env.JOBS_NOTIFY,
    "listen_url": env.DATABASE_LISTEN_URL,
}
if env.JOBS_STATEMENT_SECONDS:
    JOBS["statement"] = timedelta(seconds=env.JOBS_STATEMENT_SECONDS)
TIPPECANOE = env.TIPPECANOE
GEOCODER: dict[str, Any] = {
    "url": env.GEOCODER_URL,
    "rows_per_request": env.GEOCODER_ROWS_PER_REQUEST,
    "requests_per_second": env.GEOCODER_REQUESTS_PER_SECOND,
    "timeout": timedelta(seconds=env.GEOCODER_TIMEOUT_SECONDS),
    "patience": timedelta(seconds=env.GEOCODER_PATIENCE_SECONDS),
    "reuse": timedelta(days=env.GEOCODER_REUSE_DAYS),
}
AIRTABLE: dict[str, Any] = {
    "api_key": env.AIRTABLE_API_KEY,
    "base": env.AIRTABLE_BASE,
    "url": env.AIRTABLE_URL,
    "requests_per_second": env.AIRTABLE_REQUESTS_PER_SECOND,
    "timeout": timedelta(seconds=env.AIRTABLE_TIMEOUT_SECONDS),
    "patience": timedelta(seconds=env.AIRTABLE_PATIENCE_SECONDS),
    "fuse_percent": env.AIRTABLE_FUSE_PERCENT,
}

SITE_URL = env.SITE_URL
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = env.EMAIL_HOST, env.EMAIL_PORT
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.EMAIL_HOST_USER, env.EMAIL_HOST_PASSWORD
EMAIL_USE_TLS, EMAIL_TIMEOUT = env.EMAIL_USE_TLS, 30
DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(levelname)s %(name)s %(message)s",
            "rename_fields": {"levelname": "level", "name": "logger"},
            "timestamp": True,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.LOG_LEVEL},
}
