"""The environment, read once: every variable typed, every wrong value refused by name."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRETS = ["URL", "KEY", "PASSWORD"]
LAPTOP_KEY = "only-for-a-laptop-set-SECRET_KEY-in-production"


class Environment(BaseSettings):
    """What may be set outside. Without any of it, the project works on a laptop."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    DATABASE_URL: str = Field(default="", repr=False)
    # A direct line to the same database, for LISTEN, when DATABASE_URL is a pooler.
    DATABASE_LISTEN_URL: str = Field(default="", repr=False)
    DEBUG: bool = False
    SECRET_KEY: str = Field(default=LAPTOP_KEY, repr=False)
    ALLOWED_HOSTS: Annotated[list[str], NoDecode] = ["localhost", "127.0.0.1", "[::1]"]
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    TIPPECANOE: str = ""
    JOBS_HEARTBEAT_SECONDS: float = Field(default=4, gt=0)
    JOBS_ALIVE_FOR_SECONDS: float = Field(default=12, gt=0)
    # The longest that a statement of the worker itself may take; see jobs/conf.py.
    JOBS_STATEMENT_SECONDS: float | None = Field(default=None, gt=0)
    JOBS_KILL_AFTER_SECONDS: float = Field(default=5, gt=0)
    JOBS_CHILD_MAX_JOBS: int = Field(default=10_000, ge=1)
    JOBS_CHILD_MAX_MEMORY_MB: int | None = Field(default=None, ge=1)
    JOBS_NOTIFY: bool = True
    # The public geocoder of France; any addok with its CSV plug-in will do.
    GEOCODER_URL: str = "https://data.geopf.fr/geocodage"
    GEOCODER_ROWS_PER_REQUEST: int = Field(default=500, ge=1, le=5_000)
    # Of one job; the public service takes 50 a second from one address.
    GEOCODER_REQUESTS_PER_SECOND: float = Field(default=5, gt=0, le=50)
    GEOCODER_TIMEOUT_SECONDS: float = Field(default=60, gt=0)
    # How long one request is asked again before the job gives up.
    GEOCODER_PATIENCE_SECONDS: float = Field(default=300, ge=0)
    # How long an address that was located is not asked about again.
    GEOCODER_REUSE_DAYS: int = Field(default=90, ge=0)
    # Without a key and a base nothing is synced with Airtable.
    AIRTABLE_API_KEY: str = Field(default="", repr=False)
    AIRTABLE_BASE: str = ""
    AIRTABLE_URL: str = "https://api.airtable.com"
    # Of all workers together. Airtable takes 5; at 4.5 a request may be 0.1 s late on its way
    # (airtable_sync.client.pace.LATE) without being the sixth of a second.
    AIRTABLE_REQUESTS_PER_SECOND: float = Field(default=4, gt=0, le=4.5)
    AIRTABLE_TIMEOUT_SECONDS: float = Field(default=30, gt=0)
    # How long one request is asked again; a penalty of Airtable takes 30 seconds.
    AIRTABLE_PATIENCE_SECONDS: float = Field(default=300, ge=0)
    # A sync that would change more of a table waits for a person.
    AIRTABLE_FUSE_PERCENT: float = Field(default=20, ge=0, le=100)
    # For the links in e-mails.
    SITE_URL: str = "http://127.0.0.1:8000"
    # Without a host, e-mails are written to the log.
    EMAIL_HOST: str = ""
    EMAIL_PORT: int = Field(default=587, ge=1, le=65_535)
    EMAIL_HOST_USER: str = ""
    EMAIL_HOST_PASSWORD: str = Field(default="", repr=False)
    EMAIL_USE_TLS: bool = True
    DEFAULT_FROM_EMAIL: str = "jobs@localhost"

    @field_validator("ALLOWED_HOSTS", mode="before")
    @classmethod
    def split(cls, value: Any) -> Any:
        return [host.strip() for host in value.split(",")] if isinstance(value, str) else value

    @field_validator("DATABASE_URL", "DATABASE_LISTEN_URL")
    @classmethod
    def is_postgresql(cls, value: str) -> str:
        if value and database_of(value).get("ENGINE") != "django.db.backends.postgresql":
            raise ValueError("it must begin with postgres:// or postgresql://")
        return value

    @field_validator("AIRTABLE_API_KEY")
    @classmethod
    def fits_a_header(cls, value: str) -> str:
        # Otherwise the first request fails with a message that repeats it.
        if not all("!" <= character <= "~" for character in value):
            raise ValueError("it may have no blanks and only ASCII characters")
        return value

    @field_validator("AIRTABLE_BASE")
    @classmethod
    def is_a_base(cls, value: str) -> str:
        if value and not (value.startswith("app") and value.isalnum()):
            raise ValueError("it must be the id of a base, which begins with app")
        return value

    @field_validator("AIRTABLE_URL")
    @classmethod
    def is_a_bare_address(cls, value: str) -> str:
        address = urlsplit(value)
        bare = urlunsplit((address.scheme, address.netloc, "", "", ""))
        if not address.hostname or "@" in address.netloc or value.rstrip("/") != bare:
            raise ValueError(
                "it must be a scheme and a host only, such as https://api.airtable.com"
            )
        if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("it must begin with https://, or the key would be sent in clear")
        return bare

    @field_validator("GEOCODER_URL", "SITE_URL")
    @classmethod
    def is_web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def has_its_own_secret(self) -> "Environment":
        if self.DATABASE_URL and not self.DEBUG and self.SECRET_KEY == LAPTOP_KEY:
            raise ValueError(
                "SECRET_KEY must be set when DATABASE_URL is; "
                "or set DEBUG=1 if this is a laptop after all"
            )
        return self


def database_of(url: str) -> dict[str, Any]:
    """Django's description of the database at this address, or {} if it is not an address."""
    try:
        return dict(dj_database_url.parse(url))
    except (ValueError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
        return {}


def read_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        raise ImproperlyConfigured(" ".join(map(sentence, error.errors()))) from None


def sentence(problem: Any) -> str:
    # The value of a secret or of an address with a password is not repeated.
    name = ".".join(map(str, problem["loc"]))
    reason = problem["msg"].removeprefix("Value error, ")
    if not name:
        return f"{reason}."
    given = "" if any(word in name for word in SECRETS) else f"={problem['input']!r}"
    return f"{name}{given} is not usable: {reason}."
