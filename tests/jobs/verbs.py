"""Everything that may happen to jobs, in any order, done to the rows and to a model of them."""

from datetime import timedelta
from itertools import cycle, product
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from jobs.api.serializers import JobSerializer
from jobs.errors import JobLocked, WrongState
from jobs.models import Job, Worker
from jobs.outcome import Failure
from jobs.worker.rounds import beat, look, poll
from jobs.worker.turn import due_of, only, turn
from tests.jobs.drain import drain
from tests.jobs.expected import DONE, Expected, Queue, read
from tests.jobs.sessions import Session

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ATTEMPTS = {"paint": 1, "stubborn": 3}
ALLOWED = {
    "cancel": ["pending", "processing"],
    "retry": ["error"],
    "repeat": ["finished", "error"],
}
FIRST = [("paint", ""), ("stubborn", "wall"), ("stubborn", "")]
KEYS, TYPES = st.sampled_from(["wall", "", "roof", "wall"]), st.sampled_from(list(ATTEMPTS))
PRIORITIES, SLOTS = st.sampled_from([0, 9]), st.integers(0, 2)
LATER, LIMITS = st.sampled_from([False, False, False, True]), st.sampled_from([4, 2, 1])
WORKERS = ["a worker beats", "a worker falls silent", "a worker begins"]
OTHERS = ["an hour passes", "one says more", "nothing"]
HAPPENINGS = st.sampled_from([*ALLOWED, *WORKERS, *OTHERS])
CHORES = st.sampled_from(["make_due", "settle", "look_after_others"])
END = {
    "finish": lambda hold: hold.finish(DONE),
    "fail": lambda hold: hold.fail(Failure("exception", "ValueError", repeatable=True)),
    "fail for good": lambda hold: hold.fail(Failure("exception", "ValueError")),
    "release": lambda hold: hold.release(),
    "rescue": lambda hold: hold.rescue("it was killed"),
}
WORDS = st.sampled_from([*END, "finish", "keep", "report", "end in a lock"])


class Verbs(RuleBasedStateMachine):
    """Everything that may happen to jobs, by three workers, by people and by the clock."""

    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.model, self.rows, self.agrees = Queue(), {}, True
        self.may_change: set[Any] = set()  # finished jobs that were asked to run again

    @initialize(target=jobs)
    def three_workers_and_three_jobs(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        self.workers = [self.enlisted() for _ in range(3)]
        self.holds: list[Job] = []  # as their workers know them
        self.former: list[Job] = []
        return multiple(*(self.enqueued(*new, None, False, 0) for new in FIRST))

    @rule(
        target=jobs,
        new=st.builds(dict, type=TYPES, key=KEYS, later=LATER, priority=PRIORITIES),
        after=st.none() | st.just("what runs") | jobs,
        fate=st.sampled_from(["commit", "commit", "die", "roll back", "nothing new"]),
        job=jobs,
        what=HAPPENINGS,
        slot=SLOTS,
        words=st.lists(WORDS, min_size=3, max_size=3),
        chore=CHORES,
        this=st.none() | st.none() | jobs,
        limit=LIMITS,
    )
    def step(self, new: Any, after: Any, fate: str, job: Job, what: str, **turn: Any) -> Any:
        """One rule, of all that may happen, for a run tries only some of many rules."""
        if after == "what runs":
            after = self.holds[-1] if self.holds else None
        enqueued = self.enqueue(fate, new | {"after": after})
        self.happen(job, turn["slot"], what)
        self.the_rows_are_as_expected()
        self.turn(**turn)
        return enqueued

    def enqueue(self, fate: str, new: dict[str, Any]) -> Any:
        if fate == "nothing new":
            return multiple()
        if fate == "roll back":
            with transaction.atomic():
                Job.objects.enqueue("paint", {}, unique_key=new["key"])
                transaction.set_rollback(True)
            return multiple()
        with transaction.atomic():
            job = self.enqueued(**new)
            if fate == "die":  # the commit is the last that is heard of this process
                connection.run_on_commit.clear()
        if fate == "commit" and new["after"]:
            self.model.settle([new["after"].pk])
        return job

    # -- workers, which may be dead without knowing it ---------------------------------------------

    def turn(self, slot: int, words: list[str], chore: str, this: Job | None, limit: int) -> None:
        """All tell what became of their jobs; one does a chore for everybody, then claims."""
        told, self.holds = zip(self.holds, cycle(words)), []
        self.former += [hold for hold, word in told if self.said(hold, word)]
        getattr(self, chore)()
        self.the_rows_are_as_expected()
        held = self.claim(slot, this, limit)
        self.holds += held
        if former := [former for former in self.former if former in held]:
            self.say_more(former)

    def said(self, hold: Job, word: str) -> bool:
        """False if the worker keeps the job after that word."""
        if word not in END:
            self.holds.append(hold)
        if word == "end in a lock":
            self.meet_a_lock(hold)
        elif word == "report":
            still = self.model.holds(hold)
            assert hold.report(DONE) is still
            if still:
                self.model.jobs[hold.pk].progress = DONE
        elif word != "keep":
            self.end(hold, word)
        return word in END

    def end(self, hold: Job, how: str) -> None:
        still = self.model.holds(hold)
        before = None if still else read()

        assert END[how](hold) is still
        if not still:
            assert read() == before
        elif how.startswith("fail"):
            self.model.fail(hold.pk, repeatable=how == "fail")
        else:
            getattr(self.model, how)(hold.pk)

    def meet_a_lock(self, hold: Job) -> None:
        """A row that somebody else has locked is for another time."""
        before = read()
        with Session() as somebody:
            somebody.lock(hold)
            assert END["finish"](hold) is False
            for end in ("fail", "release", "rescue") if self.model.holds(hold) else ():
                with pytest.raises(JobLocked):
                    END[end](hold)

        assert read() == before

    def claim(self, slot: int, this: Job | None, limit: int) -> list[Job]:
        """As run_jobs does, or as process_job does."""
        choice, ids = due_of(list(ATTEMPTS)), self.model.ready()
        if this:
            choice, ids = only(this.pk), [this.pk] if self.model.is_free(this.pk) else []
        rows = self.rows
        line = sorted(ids, key=lambda pk: (-rows[pk]["priority"], rows[pk]["run_at"], pk))
        turned = turn(choice, self.workers[slot].pk, {}, room=limit, free=limit)
        held = [one.job() for one in turned.claimed]
        assert [job.pk for job in held] == line[:limit]
        self.model.claim([job.pk for job in held], self.workers[slot].pk)
        return held

    # -- people and time ---------------------------------------------------------------------------

    def happen(self, job: Job, slot: int, what: str) -> None:
        if what in ALLOWED:
            self.ask(job, what)
        elif what == "one says more":
            self.say_more(self.former[-2:])
        elif what == "an hour passes":
            self.an_hour_passes()
        elif what == "a worker begins":  # the former one may still speak
            self.workers[slot] = self.enlisted()
        elif what != "nothing":
            self.beat_or_fall_silent(slot, what)

    def ask(self, job: Job, verb: str) -> None:
        if self.model.jobs[job.pk].status not in ALLOWED[verb]:
            with pytest.raises(WrongState):
                getattr(job, verb)()
            return
        self.may_change = {job.pk} if verb == "repeat" else set()
        getattr(job, verb)()
        if verb == "cancel":
            self.model.cancel(job.pk)
        else:
            self.model.begin_anew(job.pk, due=verb == "retry")

    def make_due(self) -> None:
        ready = self.model.ready()

        assert poll(due_of(list(ATTEMPTS))).claimable is bool(ready)
        self.model.make_due()

    def settle(self) -> None:
        Job.objects.sweep()
        self.model.settle()

    def look_after_others(self) -> None:
        lapsed = set(Worker.objects.filter(alive_until__lte=Now()).values_list("pk", flat=True))

        assert Worker.objects.all().bury() == len(lapsed)
        self.model.bury(lapsed)
        abandoned = self.model.abandoned()
        assert {job.pk for job in Job.objects.rescue()} == abandoned
        for id in abandoned:
            self.model.lose(id)

    def beat_or_fall_silent(self, slot: int, what: str) -> None:
        pk = self.workers[slot].pk
        row = Worker.objects.filter(pk=pk)
        lives = row.alive().exists()
        if what == "a worker beats":
            beaten = beat(pk)
            assert (beaten is not None) is lives
            if beaten:
                died = Worker.objects.exclude(pk__in=Worker.objects.alive()).exists()
                assert beaten.others_died is died
                self.model.workers[pk] = []
            assert look(pk).others_need_it is self.model.is_left_undone()
        else:
            row.update(alive_until=Now() - SECOND)

    def say_more(self, former: list[Job]) -> None:
        """They let these jobs go, and do not know it."""
        before = read()
        for hold, end in product(former, END.values()):
            assert end(hold) is False
        assert read() == before

    def an_hour_passes(self) -> None:
        Job.objects.pending().update(run_at=F("run_at") - 2 * HOUR)
        for id in self.model.with_status("pending"):
            self.model.jobs[id].has_hour = True

    # -- what is always true -----------------------------------------------------------------------

    @invariant()
    def the_rows_are_as_expected(self) -> None:
        before, self.rows, self.agrees = self.rows, read(), False

        assert {id: Expected.of(row) for id, row in self.rows.items()} == self.model.jobs
        for id, row in self.rows.items():
            self.changed_rightly(before.get(id, row), row)
        for status in ("pending", "processing"):
            keys = [job.key for job in self.model.jobs.values() if job.status == status and job.key]
            assert len(keys) == len(set(keys))
        self.agrees, self.may_change = True, set()

    def changed_rightly(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        assert after["lease"] >= before["lease"]
        if before["status"] == "finished" and after["id"] not in self.may_change:
            assert after == before
        if any(after[name] != before[name] for name in JobSerializer.Meta.fields):
            assert after["updated_at"] > before["updated_at"]
        if before["blocked_by"] and before["status"] == "pending":
            assert after["status"] != "processing"

    def teardown(self) -> None:
        try:
            if self.agrees:  # else the first disagreement is what matters
                drain()
                assert not Job.objects.exclude(status__in=["finished", "error"]).exists()
        finally:
            Job.objects.all().delete()
            Worker.objects.all().delete()

    # -- the rows and the model, together ----------------------------------------------------------

    def enlisted(self) -> Worker:
        worker = Worker.enlist(slots=4, types=["paint"])
        self.model.workers[worker.pk] = []
        return worker

    def enqueued(self, type: str, key: str, after: Any, later: bool, priority: int) -> Job:
        run_at = timezone.now() + HOUR if later else None
        options = {"after": after, "priority": priority, "run_at": run_at}
        typed = key and f"{type}:{key}"
        waiting = self.model.with_key(typed, "pending")

        job = Job.objects.enqueue(type, {}, unique_key=key, **options)

        assert job.pk == waiting or (waiting is None and job.pk not in self.model.jobs)
        if waiting:
            self.model.meet(job.pk, has_hour=not later)
            assert job.priority == max(self.rows[job.pk]["priority"], priority)
        else:
            expected = {"max_attempts": ATTEMPTS[type], "waits_for": after and after.pk}
            self.model.enqueue(job.pk, key=typed, has_hour=not later, **expected)
        return job
