"""Applying the geometry updates that wait: all of them and what follows, or nothing."""

from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from jobs.models import Job
from networks.changes import Changes
from networks.crossing import Communes, computed
from networks.errors import CannotApply, Unfit
from networks.following import enqueue_following
from networks.kinds import HEAT_NETWORKS, PLACED_KINDS, Kind
from networks.models import GeometryUpdate
from networks.models.placed import Placed
from networks.perimeters import refresh_has_pdp
from networks.writing import move_numbers_beyond, one_writer

Action = GeometryUpdate.Action


@dataclass(frozen=True)
class Applied:
    """What was done, and the jobs that follow, in their order."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    jobs: list[Job] = field(default_factory=list)
    updates: list[GeometryUpdate] = field(default_factory=list)


def apply_updates(kind: str | None = None, *, by: User | None = None) -> Applied:
    """Apply what waits, of one kind or of all, and enqueue what follows, in one transaction.

    Raises CannotApply if one update cannot be applied; then none was.
    """
    with one_writer():
        waiting = GeometryUpdate.objects.filter(applied_at=None).order_by("pk").select_for_update()
        steps = [Step.of(update) for update in (waiting.filter(kind=kind) if kind else waiting)]
        if not steps:
            return Applied()
        communes = Communes()
        communes.fill([step.after for step in steps if step.after])
        for step in steps:
            step.perform()
        pdp_changed = refresh_has_pdp()
        updates = [step.done() for step in steps]
        GeometryUpdate.objects.bulk_update(updates, ["target", "former_geometry", "applied_at"])
        changes = Changes(communes)
        for step in steps:
            changes.add(step.kind, step.before)
            changes.add(step.kind, step.after)
        if pdp_changed:
            changes.add_kind(HEAT_NETWORKS)
        jobs = enqueue_following(changes.kinds, changes.boxes(), by=by)
        done = Counter(update.action for update in updates)
        return Applied(done["create"], done["change"], done["delete"], jobs, updates)


@dataclass
class Step:
    """One update on its way, with what it is about."""

    update: GeometryUpdate
    kind: Kind
    before: Placed | None
    after: Placed | None

    @classmethod
    def of(cls, update: GeometryUpdate) -> "Step":
        """The update with the row as it is and will be; CannotApply if it cannot be so."""
        kind = PLACED_KINDS[update.kind]
        try:
            before = None if update.action == Action.CREATE else target_of(update, kind)
            after = None if update.action == Action.DELETE else outcome_of(update, kind, before)
        except Unfit as reason:
            raise refused(update, str(reason)) from None
        return cls(update, kind, before, after)

    def perform(self) -> None:
        if self.after is None:
            self.kind.numbered(self.update.target).delete()
        elif self.before is None:
            self._create(self.after)
        else:
            fields = computed(type(self.after))
            self.after.save(update_fields=["geometry", "geometry_changed_at", *fields])

    def done(self) -> GeometryUpdate:
        self.update.former_geometry = self.before and self.before.geometry
        self.update.applied_at = timezone.now()
        return self.update

    def _create(self, after: Placed) -> None:
        try:
            after.validate_unique()
        except ValidationError as error:
            raise refused(self.update, " ".join(error.messages).rstrip(".")) from None
        after.save(force_insert=True)
        if self.update.target:
            move_numbers_beyond(type(after), self.update.target)
        self.update.target = after.pk


def target_of(update: GeometryUpdate, kind: Kind) -> Placed:
    target: Placed | None = kind.numbered(update.target).select_for_update().first()
    if target is None:
        raise Unfit(f"there is no {update.target} among {kind.name} any more")
    return target


def outcome_of(update: GeometryUpdate, kind: Kind, before: Placed | None) -> Placed:
    """The row as it will be, not saved yet."""
    if before is None:
        after = cast(Placed, kind.made(update.attributes, update.geometry))
    else:
        after = copy(before)
        after.geometry = kind.geometry(update.geometry)
    after.geometry_changed_at = after.geometry and timezone.now()
    return after


def refused(update: GeometryUpdate, reason: str) -> CannotApply:
    return CannotApply(update.pk, update, reason)
