"""What the jobs do: an attempt to sync one table, in each of the two directions."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import cached_property

from airtable_sync.agreeing import remember
from airtable_sync.client import Airtable
from airtable_sync.conf import conf
from airtable_sync.drafting import Draft, drafted
from airtable_sync.errors import FuseBlown, PlanIsStale
from airtable_sync.freshness import Standing, changed_since, standing
from airtable_sync.models import PlannedChange, SyncPlan
from airtable_sync.payload import Direction, SyncTable, TableSynced
from airtable_sync.plans import (
    add_lines,
    begin,
    blown,
    end,
    include,
    known,
    later_plans,
    opposite,
    store,
    waiting,
)
from airtable_sync.sending import keep_deletions, keep_upserts, send
from airtable_sync.sides import Records, Sides, wanted
from airtable_sync.tables import TABLES
from airtable_sync.writing import write
from jobs.running import RunningJob
from networks.writing import one_writer

Action, State = PlannedChange.Action, SyncPlan.State


class Run:
    """One attempt of one job at one table."""

    direction: Direction

    def __init__(self, job: RunningJob) -> None:
        self.job, self.conf = job, conf()
        self.data: SyncTable = job.data
        self.table = TABLES[self.data.name]
        self._records: Records | None = None
        self.airtable = Airtable(self.conf, check=job.check_cancelled, told=job.logger.warning)

    @cached_property
    def user(self) -> Any:
        return self.job.user

    def read_records(self) -> Records:
        """Once for this attempt; before any transaction, since it takes its time."""
        if self._records is None:
            columns = wanted(self.table, self.direction)
            self._records = Records(self.airtable.records(self.table.title, columns))
        return self._records

    def sides(self) -> Sides:
        """The rows are read anew each time."""
        return Sides(self.table, self.direction, self.read_records())

    def asked(self) -> SyncPlan:
        assert self.data.plan_id is not None
        return known(self.data.plan_id, name=self.table.name, direction=self.direction)

    def store(self, draft: Draft) -> SyncPlan:
        plan = store(
            draft,
            name=self.table.name,
            direction=self.direction,
            job_id=self.job.id,
            by=self.user,
        )
        remember(plan.base, plan.name, draft.agreements)
        self.warn(draft.lines)
        return plan

    def begin(self, plan: SyncPlan) -> None:
        begin(plan, job_id=self.job.id, by=self.user)

    def check_fresh(self, plan: SyncPlan, sides: Sides) -> None:
        lines = plan.changes.to_apply()
        if changed := changed_since(lines, sides, owner_too=plan.undoes_id is None):
            raise PlanIsStale(plan, changed)

    def fuse(self, plan: SyncPlan, draft: Draft) -> FuseBlown | None:
        """What to raise, once it is committed that the plan waits for somebody."""
        if not blown(draft, self.conf.fuse_percent):
            return None
        plan.needs_confirmation = True
        plan.save(update_fields=["needs_confirmation"])
        return FuseBlown(
            plan.pk,
            self.table.name,
            draft.concerned,
            draft.rows,
            percent=self.conf.fuse_percent,
            writes=bool(draft.writes),
        )

    def warn(self, lines: Iterable[PlannedChange]) -> None:
        for line in lines:
            if line.action == Action.PROBLEM:
                reasons = "; ".join(f"{name}: {pair[1]}" for name, pair in line.cells.items())
                self.job.logger.warning("%s %s: %s", line.record_id, line.label, reasons)

    def report(self, plan: SyncPlan) -> TableSynced:
        counts: dict[str, int] = plan.counts
        return TableSynced(
            plan_id=plan.pk,
            applied=plan.state == State.APPLIED,
            rows=plan.rows,
            created=counts.get(Action.CREATE, 0),
            changed=counts.get(Action.CHANGE, 0),
            deleted=counts.get(Action.DELETE, 0),
            orphans=counts.get(Action.ORPHAN, 0),
            conflicts=counts.get(Action.CONFLICT, 0),
            held=counts.get(Action.HELD, 0),
            problems=counts.get(Action.PROBLEM, 0),
            requests=self.airtable.requests,
        )


class ToAirtable(Run):
    """Requests cannot be taken back, so each step is committed before the next is taken."""

    direction = Direction.TO_AIRTABLE

    def run(self) -> TableSynced:
        plan = self.resumed() or (self.chosen() if self.data.plan_id else self.made())
        if plan.state == State.APPLYING:
            send(plan, self.table, self.airtable, self.job)
            end(plan)
        return self.report(plan)

    def resumed(self) -> SyncPlan | None:
        """That of an earlier attempt, which ended in the middle of it."""
        begun = SyncPlan.objects.being_applied().of_job(self.job.id)
        for other in begun.exclude(base=self.conf.base):
            end(other, State.INTERRUPTED)
        plan = begun.filter(base=self.conf.base).first()
        if plan is None:
            return None
        sides = self.sides()
        self.settle(plan, sides)
        stale = changed_since(plan.changes.to_apply(), sides, owner_too=plan.undoes_id is None)
        if not stale:
            return plan
        end(plan, State.INTERRUPTED)
        if self.data.plan_id:
            raise PlanIsStale(plan, stale)
        return None

    @transaction.atomic
    def settle(self, plan: SyncPlan, sides: Sides) -> list[PlannedChange]:
        """The request that was in flight may have arrived; return what it wrote."""
        left = plan.changes.to_apply()
        arrived = [line for line in left if standing(line, sides) is Standing.AFTER]
        keep_deletions(plan, [line for line in arrived if line.action == Action.DELETE])
        upserts = [line for line in arrived if line.action != Action.DELETE]
        ids = [sides.records.by_key[line.key or 0].id for line in upserts]
        keep_upserts(plan, self.table, upserts, ids)
        return arrived

    def settle_undoing(self, plan: SyncPlan, sides: Sides) -> None:
        """An earlier job may have undone a part; and what it undoes may have been interrupted."""
        original = plan.undoes
        if original is None:
            return
        if not later_plans(original).exclude(pk=plan.pk).exists():
            add_lines(plan, map(opposite, self.settle(original, sides)))
        self.settle(plan, sides)

    def chosen(self) -> SyncPlan:
        plan = self.asked()
        if plan.state == State.APPLIED and plan.job_id == self.job.id:
            return plan  # by an attempt that was cut off before it could say so
        sides = self.sides()
        with transaction.atomic():
            plan = waiting(plan)
            include(plan, self.data.also)
            self.settle_undoing(plan, sides)
            self.check_fresh(plan, sides)
            self.begin(plan)
        return plan

    def made(self) -> SyncPlan:
        draft = drafted(self.sides())
        with transaction.atomic():
            plan = self.store(draft)
            error = self.fuse(plan, draft)
            if not self.data.dry_run and not error:
                self.begin(plan)
        if error and not self.data.dry_run:
            raise error
        return plan


class FromAirtable(Run):
    """All of it in one transaction."""

    direction = Direction.FROM_AIRTABLE

    def run(self) -> TableSynced:
        if self.data.plan_id:
            return self.report(self.chosen())
        plan, error = self.made()
        if error and not self.data.dry_run:
            raise error
        return self.report(plan)

    def chosen(self) -> SyncPlan:
        plan = self.asked()
        if plan.state == State.APPLIED and plan.job_id == self.job.id:
            return plan  # by an attempt that was cut off before it could say so
        self.read_records()
        try:
            with one_writer():
                plan = waiting(plan)
                include(plan, self.data.also)
                self.check_fresh(plan, self.sides())
                self.write(plan)
        except IntegrityError as error:  # a number that another network has now
            raise PlanIsStale(plan, [str(error).splitlines()[-1]]) from None
        return plan

    def made(self) -> tuple[SyncPlan, FuseBlown | None]:
        draft = drafted(self.sides())
        if self.data.dry_run or not draft.writes or blown(draft, self.conf.fuse_percent):
            return self.kept(draft)
        with one_writer():
            # The rows may have changed since they were compared without the lock.
            return self.kept(drafted(self.sides()))

    @transaction.atomic
    def kept(self, draft: Draft) -> tuple[SyncPlan, FuseBlown | None]:
        plan = self.store(draft)
        error = self.fuse(plan, draft)
        if not self.data.dry_run and not error:
            self.write(plan)
        return plan, error

    def write(self, plan: SyncPlan) -> None:
        self.begin(plan)
        for job in write(plan, self.table, by=self.user):
            self.job.logger.info("%s follows: job %s", job.type, job.pk)
        end(plan)
