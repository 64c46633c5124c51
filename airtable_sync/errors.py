"""What can go wrong between the networks and Airtable. Each message says what to do."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _


class AirtableSyncError(Exception):
    """Base of everything this app refuses."""


class NotConfigured(AirtableSyncError):
    """The project has no base to sync with."""

    def __init__(self, missing: Sequence[str]) -> None:
        said = _(
            "Airtable is not configured: %(missing)s not set. Set AIRTABLE_API_KEY to a personal "
            "access token and AIRTABLE_BASE to the id of the base, which begins with app; then run "
            "`manage.py airtable_check`."
        )
        super().__init__(said % {"missing": ", ".join(missing)})


class AirtableUnavailable(AirtableSyncError):
    """It did not answer, or only with failures of its own: worth another attempt later."""

    def __init__(self, reason: str, seconds: float, attempts: int) -> None:
        tried = f"{attempts} attempt{'s' if attempts > 1 else ''}"
        super().__init__(
            f"Airtable did not answer within {seconds:.0f} s ({tried}): {reason}. "
            "What was sent is kept; the sync goes on from there when it is run again."
        )


class AirtableRefused(AirtableSyncError):
    """A request that it will not take, however often it is sent."""

    def __init__(self, status: int, type: str, message: str) -> None:
        self.status, self.type, self.message = status, type, message
        said = f"{type}: {message}" if message else type
        super().__init__(
            f"Airtable refused a request with status {status} ({said}). "
            "`manage.py airtable_check` says what is missing and how to mend it."
        )


class RecordIsGone(AirtableSyncError):
    """Somebody deleted a record while a plan was sent: the next attempt does without it."""

    def __init__(self, plan: object) -> None:
        super().__init__(
            f"A record was deleted in Airtable while {plan} was sent. What was sent before is "
            "kept; another attempt compares both sides anew."
        )


class UnknownColumn(AirtableRefused):
    """A column that was renamed, or has gone: nothing may be concluded from its cells."""

    def __init__(self, table: str, column: str, message: str) -> None:
        self.table, self.column = table, column
        super().__init__(422, "UNKNOWN_FIELD_NAME", message)
        self.args = (
            f"{table} has no column {column or 'of a name that is expected'} any more "
            f"({message}). Nothing was written. Give it back its name, or run "
            "`manage.py airtable_check` to see every column that is missing.",
        )


class UnknownTable(AirtableSyncError, LookupError):
    """Nothing of this name is synced."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(f"No table {name!r} is synced; there are {', '.join(known)}.")


class UnknownPlan(AirtableSyncError, LookupError):
    """There is no such plan, of this table and in this direction."""

    def __init__(self, plan_id: int, name: str, direction: str) -> None:
        super().__init__(
            f"There is no plan {plan_id} of {name} {direction}. "
            "The admin lists the plans of every table."
        )


class NotApplicable(AirtableSyncError):
    """A plan that was applied already, or that cannot be any more."""

    def __init__(self, plan: object, state: str) -> None:
        said = _("%(plan)s is %(state)s; only a plan that waits can be applied. Make another.")
        super().__init__(said % {"plan": plan, "state": state})


class NothingToApply(AirtableSyncError):
    """A plan whose lines are all applied on demand only, and none was demanded."""

    def __init__(self, plan: object) -> None:
        said = _("%(plan)s changes nothing by itself; say what else of it is to be applied.")
        super().__init__(said % {"plan": plan})


class OfAnotherBase(AirtableSyncError):
    """A plan that was made for a base which is not the one of the settings."""

    def __init__(self, plan: object, its: str, ours: str) -> None:
        said = _("%(plan)s is of the base %(its)s; AIRTABLE_BASE is %(ours)s. Make another.")
        super().__init__(said % {"plan": plan, "its": its, "ours": ours})


class NotUndoable(AirtableSyncError):
    """A plan that changed nothing, or was undone already."""

    def __init__(self, plan: object, state: str) -> None:
        said = _("%(plan)s is %(state)s; only what was applied, wholly or in part, can be undone.")
        super().__init__(said % {"plan": plan, "state": state})


class PlanIsStale(AirtableSyncError):
    """What a plan rests on has changed since it was made."""

    def __init__(self, plan: object, changed: Sequence[str]) -> None:
        self.changed = list(changed)
        some = "; ".join(self.changed[:5])
        more = f"; and {len(changed) - 5} more" if len(changed) > 5 else ""
        super().__init__(
            f"{plan} cannot be applied: what it rests on has changed ({some}{more}). "
            "Make another plan and look at it."
        )


class FuseBlown(AirtableSyncError):
    """So much would change that a person has to confirm it."""

    def __init__(
        self, plan_id: int, name: str, concerned: int, rows: int, *, percent: float, writes: bool
    ) -> None:
        self.plan_id = plan_id
        mend = (
            f"Look at plan {plan_id} in the admin and apply it there if it is right, or run "
            f"`manage.py sync_airtable --apply {plan_id}`."
            if writes
            else f"There is nothing to apply: plan {plan_id} in the admin says which have no "
            "counterpart, or no number; give them one in Airtable, or delete them there."
        )
        super().__init__(
            f"{concerned} of {rows} rows of {name} would change or have lost their counterpart, "
            f"more than {percent:g} % (AIRTABLE_FUSE_PERCENT); nothing was written. {mend}"
        )


class StillApplying(AirtableSyncError):
    """Another job is at work on the same table."""

    def __init__(self, plan: object) -> None:
        super().__init__(f"{plan} is being applied; this one is tried again when it has ended.")


class NotInThisColumn(AirtableSyncError, ValueError):
    """A cell, or a value, that its field cannot take."""
