"""Asking for geometry updates, and thinking better of it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import User
from networks.drawing import Drawing, drawn
from networks.errors import CannotRequest, CannotWithdraw, Unfit
from networks.kinds import PLACED_KINDS, Kind
from networks.models import GeometryUpdate
from networks.models.placed import Placed

Action = GeometryUpdate.Action


def request_update(
    kind: str,
    action: str,
    *,
    target: int | None = None,
    geometry: Drawing | None = None,
    attributes: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> GeometryUpdate:
    """Store an update, which waits to be applied; it replaces one of the same target that waits.

    `target` is the id_fcu of what is changed or deleted, or that what is created shall have.
    `attributes` are the fields of what is created, by the names they have in files too.
    Raises CannotRequest, or UnreadableFile for a geometry from a file.
    """
    update = planned(kind, action, target=target, geometry=geometry, attributes=attributes)
    update.requested_by = by
    return store(update)


def planned(
    kind: str,
    action: str,
    *,
    target: int | None = None,
    geometry: Drawing | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> GeometryUpdate:
    """The update that is asked for, looked through but not stored."""
    if kind not in PLACED_KINDS:
        raise CannotRequest(f"{kind!r} is no kind; there are {', '.join(PLACED_KINDS)}.")
    if action not in Action.values:
        raise CannotRequest(f"{action!r} is no action; there are {', '.join(Action.values)}.")
    update = GeometryUpdate(kind=kind, action=action, target=target)
    described = PLACED_KINDS[kind]
    if geometry is not None:
        update.geometry = drawn(geometry, described)
    if action == Action.CREATE:
        plan_creation(update, described, attributes or {})
    else:
        check_target(update, described, attributes)
    return update


def plan_creation(update: GeometryUpdate, kind: Kind, attributes: Mapping[str, Any]) -> None:
    given = dict(attributes) if update.target is None else {**attributes, "id_fcu": update.target}
    columns = kind.columns_among(given)
    if unknown := sorted(set(given) - set(columns.values())):
        raise CannotRequest(
            f"{kind.name} have no {', '.join(unknown)}; "
            f"attributes are {', '.join(sorted(kind.columns))}."
        )
    update.attributes = {field: given[column] for field, column in columns.items()}
    try:
        entry = kind.made(update.attributes, update.geometry)
    except Unfit as error:
        raise CannotRequest(f"{kind.name}: {error}.") from None
    assert isinstance(entry, Placed)
    update.target = entry.id_fcu


def check_target(update: GeometryUpdate, kind: Kind, attributes: Mapping[str, Any] | None) -> None:
    if attributes:
        raise CannotRequest(
            "Attributes are for what is created; those of what is there come with load_networks."
        )
    if update.action == Action.CHANGE and update.geometry is None:
        raise CannotRequest(f"To change one of {kind.name}, give its new geometry.")
    if update.action == Action.DELETE and update.geometry is not None:
        raise CannotRequest("What is deleted needs no geometry; leave it out.")
    if update.target is None:
        raise CannotRequest(no_target(update.action))
    if not kind.numbered(update.target).exists():
        raise CannotRequest(f"There is no {update.target} among {kind.name}; give its id_fcu.")


def no_target(action: str) -> str:
    done = {Action.CHANGE: "changed", Action.DELETE: "deleted"}[Action(action)]
    return f"Give the id_fcu of what is {done}."


def store(update: GeometryUpdate) -> GeometryUpdate:
    """Let it wait, in the place of one of the same target."""
    update.requested_at = timezone.now()
    if update.target is None:
        update.save()
        return update
    fields = ("action", "attributes", "geometry", "requested_by", "requested_at")
    stored, _ = GeometryUpdate.objects.update_or_create(
        kind=update.kind,
        target=update.target,
        applied_at=None,
        defaults={field: getattr(update, field) for field in fields},
    )
    return stored


def withdraw_update(update: GeometryUpdate) -> None:
    """Forget an update that waits. Raises CannotWithdraw if it does not wait any more."""
    gone, _ = GeometryUpdate.objects.filter(pk=update.pk, applied_at=None).delete()
    if not gone:
        raise CannotWithdraw(update)
