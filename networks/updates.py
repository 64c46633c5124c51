"""Applying the geometry updates that wait: all of them and what follows, or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from accounts.models import User
from jobs.models import Job
from networks.affected import Box, boxes_around
from networks.crossing import Communes, computed
from networks.errors import CannotApply, Unfit
from networks.following import enqueue_following
from networks.kinds import COLD_NETWORKS, HEAT_NETWORKS, PLACED_KINDS, Kind
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
        communes.fill([step.entry for step in steps if step.action != Action.DELETE])
        for step in steps:
            step.perform()
        refresh_has_pdp()
        updates = [step.done() for step in steps]
        GeometryUpdate.objects.bulk_update(updates, ["target", "former_geometry", "applied_at"])
        kinds = {update.kind for update in updates}
        jobs = enqueue_following(kinds, affected(steps, communes), by=by)
        done = Counter(update.action for update in updates)
        return Applied(done["create"], done["change"], done["delete"], jobs, updates)


def affected(steps: Sequence["Step"], communes: Communes) -> list[Box]:
    """Where addresses may have another answer now."""
    places = [place for step in steps for place in step.places()]
    codes = {code for step in steps for code in step.communes_without_trace()}
    return boxes_around([*places, *communes.areas_of(codes)])


@dataclass
class Step:
    """One update on its way."""

    update: GeometryUpdate
    kind: Kind
    entry: Placed
    former_geometry: BaseGeometry | None
    former_communes: list[str]

    @classmethod
    def of(cls, update: GeometryUpdate) -> "Step":
        """The update with what it is about, as it will be; CannotApply if it cannot be so."""
        kind = PLACED_KINDS[update.kind]
        try:
            if update.action == Action.CREATE:
                made = cast(Placed, kind.made(update.attributes, update.geometry))
                step = cls(update, kind, made, None, made.communes_insee)
            else:
                step = cls._of_target(update, kind)
        except Unfit as reason:
            raise refused(update, str(reason)) from None
        if update.action != Action.DELETE:
            step.entry.geometry_changed_at = step.entry.geometry and timezone.now()
        return step

    @classmethod
    def _of_target(cls, update: GeometryUpdate, kind: Kind) -> "Step":
        entry: Placed | None = kind.numbered(update.target).select_for_update().first()
        if entry is None:
            raise Unfit(f"there is no {update.target} among {kind.name} any more")
        former = entry.geometry
        if update.action == Action.CHANGE:
            entry.geometry = kind.geometry(update.geometry)
        return cls(update, kind, entry, former, entry.communes_insee)

    @property
    def action(self) -> str:
        return self.update.action

    def perform(self) -> None:
        if self.action == Action.CREATE:
            self._create()
        elif self.action == Action.CHANGE:
            fields = computed(type(self.entry))
            self.entry.save(update_fields=["geometry", "geometry_changed_at", *fields])
        else:
            self.entry.delete()

    def done(self) -> GeometryUpdate:
        self.update.target = self.update.target or self.entry.pk
        self.update.former_geometry = self.former_geometry
        self.update.applied_at = timezone.now()
        return self.update

    def places(self) -> Iterator[BaseGeometry]:
        """Where it was and where it is, if that matters to addresses: cold does not."""
        if self.kind is not COLD_NETWORKS:
            after = None if self.action == Action.DELETE else self.entry.geometry
            yield from (place for place in (self.former_geometry, after) if place is not None)

    def communes_without_trace(self) -> list[str]:
        """The communes that a heat network served, or serves now, by being somewhere in them."""
        has_trace = self.action == Action.CREATE and self.entry.geometry is not None
        if self.kind is not HEAT_NETWORKS or has_trace or self.former_geometry is not None:
            return []
        return self.former_communes

    def _create(self) -> None:
        try:
            self.entry.validate_unique()
        except ValidationError as error:
            raise refused(self.update, " ".join(error.messages).rstrip(".")) from None
        self.entry.save(force_insert=True)
        if self.update.target:
            move_numbers_beyond(type(self.entry), self.update.target)


def refused(update: GeometryUpdate, reason: str) -> CannotApply:
    return CannotApply(update.pk, update, reason)
