"""Rows for the tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from jobs.models import Job, Worker


class UserFactory(DjangoModelFactory[User]):
    """A person; without a password unless one is given, for hashing takes its time."""

    class Meta:
        model = User

    class Params:
        staff = factory.Trait(is_staff=True)

    username = factory.Sequence(lambda n: f"user{n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class WorkerFactory(DjangoModelFactory[Worker]):
    """A worker that is alive."""

    class Meta:
        model = Worker

    name = factory.Sequence(lambda n: f"host:{n}")
    slots = 2
    types = factory.LazyFunction(lambda: ["probe"])
    alive_until = factory.LazyFunction(lambda: timezone.now() + timedelta(seconds=12))


class JobFactory(DjangoModelFactory[Job]):
    """A pending job of type `probe`; a trait gives it another status and all that goes with it.

    The trait of a job in error is `failed`, because `error` is a column.
    """

    class Meta:
        model = Job

    class Params:
        pending = factory.Trait(status=Job.Status.PENDING)
        claimed = factory.Trait(started_at=factory.LazyFunction(timezone.now), lease=1, attempts=1)
        ended = factory.Trait(claimed=True, finished_at=factory.LazyFunction(timezone.now))
        processing = factory.Trait(
            claimed=True, status=Job.Status.PROCESSING, worker=factory.SubFactory(WorkerFactory)
        )
        finished = factory.Trait(
            ended=True,
            status=Job.Status.FINISHED,
            result=factory.LazyFunction(lambda: {"letters": 5}),
        )
        failed = factory.Trait(
            ended=True,
            status=Job.Status.ERROR,
            error=factory.LazyFunction(
                lambda: {"kind": "exception", "message": "ValueError: no", "traceback": ""}
            ),
        )

    type = "probe"
    status = Job.Status.PENDING
    data = factory.LazyFunction(lambda: {"word": "hello"})
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")
    run_at = factory.SelfAttribute("created_at")
