"""Whether the settings, the key and the base are as a sync needs them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from django.conf import settings

from airtable_sync.checking_tables import check_tables, try_tables
from airtable_sync.client import Airtable
from airtable_sync.conf import conf
from airtable_sync.errors import AirtableRefused, AirtableSyncError, NotConfigured
from airtable_sync.finding import Finding

# Longer than a penalty of Airtable, and not so long that a person gives up.
PATIENCE = timedelta(seconds=40)
TOKENS = "https://airtable.com/create/tokens"
READ, WRITE, SCHEMA = "data.records:read", "data.records:write", "schema.bases:read"
SCOPES = {
    READ: "nothing can be compared",
    WRITE: "nothing can be sent",
    SCHEMA: "the types of the columns cannot be checked",
}
WRITERS = ("edit", "create", "owner")
SETTINGS = {
    "api_key": f"a personal access token, made at {TOKENS} for the base and with the scopes "
    f"{', '.join(SCOPES)}",
    "base": "the id of the base, which begins with app and stands in the address of its page",
}


def findings(*, told: Callable[[str], None]) -> Iterator[Finding]:
    """In the order in which they are to be mended, as far as can be seen before that.

    `told` hears why there is a wait.
    """
    try:
        configured = conf()
    except NotConfigured:
        yield from check_settings()
        return
    yield Finding("AIRTABLE_API_KEY and AIRTABLE_BASE are set.")
    patience = min(configured.patience, PATIENCE)
    airtable = Airtable(replace(configured, patience=patience), told=told)
    try:
        yield from check_base(airtable, configured.base)
    except AirtableSyncError as error:
        mend = f"See whether {configured.url} is right (AIRTABLE_URL) and can be reached from here."
        yield Finding(str(error), mend)


def check_settings() -> Iterator[Finding]:
    for name, takes in SETTINGS.items():
        variable = f"AIRTABLE_{name.upper()}"
        if settings.AIRTABLE[name]:
            yield Finding(f"{variable} is set.")
        else:
            yield Finding(f"{variable} is not set.", f"Set it to {takes}.")


def check_base(airtable: Airtable, base: str) -> Iterator[Finding]:
    try:
        # Airtable does not say those of every kind of key.
        scopes = airtable.whoami().get("scopes", list(SCOPES))
    except AirtableRefused as refused:
        if refused.status != 401:
            raise
        yield unknown_key(refused)
        return
    yield Finding("Airtable knows the key.")
    yield from (missing_scope(scope) for scope in SCOPES if scope not in scopes)
    try:
        permission = airtable.permission()
    except AirtableRefused:
        if SCHEMA in scopes:
            yield missing_scope(SCHEMA)
        yield from try_tables(airtable)
        return
    yield check_permission(permission, base)
    if permission:
        yield from check_tables(airtable.schema())


def unknown_key(refused: AirtableRefused) -> Finding:
    return Finding(
        f"Airtable does not take the key (status {refused.status}, {refused.type}).",
        f"Set AIRTABLE_API_KEY to {SETTINGS['api_key']}.",
    )


def missing_scope(scope: str) -> Finding:
    return Finding(
        f"The key has not the scope {scope}, so {SCOPES[scope]}.", f"Add it at {TOKENS}."
    )


def check_permission(permission: str | None, base: str) -> Finding:
    if permission is None:
        return Finding(
            f"The key is not for the base {base}.",
            f"Add the base to the key at {TOKENS}, or set AIRTABLE_BASE to {SETTINGS['base']}.",
        )
    if permission not in WRITERS:
        return Finding(
            f"The key may not write to the base {base}: its permission is {permission}.",
            "Let the owner of the base make the user whose key it is an editor.",
        )
    return Finding(f"The key may write to the base {base}.")
