"""The filters of the list of jobs. None of them reads a table to draw itself.

Those by status and by type select nothing themselves: the list does (jobs/admin/change_list.py).
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.admin.cells import LOOKS
from jobs.models import Job
from jobs.registry import job_types

Jobs = QuerySet[Job]
SYSTEM = "-"  # the owner of jobs that nobody enqueued in person
ONE_DAY = timedelta(days=1)


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status, f"{look.shape} {look.word}") for status, look in LOOKS.items()]

    def queryset(self, request: HttpRequest, queryset: Jobs) -> Jobs:
        return queryset


class TypeFilter(admin.SimpleListFilter):
    """Offers the registered types; a retired one is listed while it is asked for."""

    title = gettext_lazy("type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = job_types.names()
        asked = request.GET.get(self.parameter_name)
        if asked and asked not in names:
            names.append(asked)
        return [(name, job_types.label(name)) for name in names]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: Jobs) -> Jobs:
        return queryset


class AgeFilter(admin.SimpleListFilter):
    title = gettext_lazy("age")
    parameter_name = "age"
    ages = {
        "hour": timedelta(hours=1),
        "day": ONE_DAY,
        "week": timedelta(days=7),
        "month": timedelta(days=30),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        words = [_("Past hour"), _("Past 24 hours"), _("Past 7 days"), _("Past 30 days")]
        return list(zip(self.ages, words, strict=True))

    def queryset(self, request: HttpRequest, queryset: Jobs) -> Jobs:
        age = self.ages.get(self.value() or "")
        return queryset.filter(created_at__gte=timezone.now() - age) if age else queryset


class Input(NamedTuple):
    name: str
    label: str | Promise
    type: str


class InputFilter(admin.ListFilter):
    """A filter that is typed rather than chosen."""

    template = "admin/jobs/input_filter.html"
    inputs: tuple[Input, ...] = ()

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for field in self.inputs:
            if value := params.pop(field.name, [""])[-1].strip():
                self.used_parameters[field.name] = value

    def expected_parameters(self) -> list[str | None]:
        return [field.name for field in self.inputs]

    def has_output(self) -> bool:
        return True

    def value(self, name: str) -> str:
        return str(self.used_parameters.get(name, ""))

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One thing: what its template needs."""
        names = {field.name for field in self.inputs}
        others = [
            (name, value)
            for name, values in changelist.filter_params.items()
            for value in values
            if name not in names
        ]
        yield {
            "inputs": [(field, self.value(field.name)) for field in self.inputs],
            "others": others,
            "clear": changelist.get_query_string(remove=sorted(names)),
            "links": self.links(changelist),
        }

    def links(self, changelist: Any) -> list[tuple[str, str]]:
        return []


class DayFilter(InputFilter):
    title = gettext_lazy("day")
    inputs = (
        Input("from", gettext_lazy("Created from"), "date"),
        Input("until", gettext_lazy("Created until"), "date"),
    )

    def queryset(self, request: HttpRequest, queryset: Jobs) -> Jobs:
        try:
            first, last = self.day("from"), self.day("until")
        except ValueError:
            messages.warning(request, _("That is not a day. Give it as YYYY-MM-DD."))
            return queryset.none()
        if first:
            queryset = queryset.filter(created_at__gte=midnight(first))
        if last:
            queryset = queryset.filter(created_at__lt=midnight(last + ONE_DAY))
        return queryset

    def day(self, name: str) -> date | None:
        day = date.fromisoformat(self.value(name)) if self.value(name) else None
        if day and not 1970 <= day.year <= 9000:
            raise ValueError(name)
        return day


class OwnerFilter(InputFilter):
    """By name or id: there may be too many users to choose from."""

    title = gettext_lazy("owner")
    inputs = (Input("owner", gettext_lazy("User name or id"), "text"),)

    def queryset(self, request: HttpRequest, queryset: Jobs) -> Jobs:
        value = self.value("owner")
        if not value:
            return queryset
        if value == SYSTEM:
            return queryset.filter(user=None)
        user = user_called(value)
        if user is None:
            messages.warning(request, _("There is no user “%(name)s”.") % {"name": value[:80]})
            return queryset.none()
        return queryset.filter(user=user.pk)

    def links(self, changelist: Any) -> list[tuple[str, str]]:
        return [(changelist.get_query_string({"owner": SYSTEM}), _("System (no user)"))]


def user_called(name: str) -> AbstractBaseUser | None:
    users = get_user_model()
    wanted = Q(**{users.USERNAME_FIELD: name})
    with suppress(ValidationError):
        wanted |= Q(pk=users._meta.pk.to_python(name))
    return users._default_manager.filter(wanted).first()


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
