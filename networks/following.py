"""The jobs that follow changes; only those that some app runs, and that are worth it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from accounts.models import User
from jobs.models import Job
from jobs.registry import job_types
from networks.kinds import (
    COLD_NETWORKS,
    DEVELOPMENT_PERIMETERS,
    HEAT_NETWORKS,
    NETWORKS_UNDER_CONSTRUCTION,
)

if TYPE_CHECKING:
    from networks.affected import Box

# What Airtable and the tiles call each kind.
SOURCES = {
    HEAT_NETWORKS.name: "reseaux-de-chaleur",
    COLD_NETWORKS.name: "reseaux-de-froid",
    NETWORKS_UNDER_CONSTRUCTION.name: "reseaux-en-construction",
    DEVELOPMENT_PERIMETERS.name: "perimetres-de-developpement-prioritaire",
}
NOT_IN_AIRTABLE = {DEVELOPMENT_PERIMETERS.name}

# By type of job; filled by each app in AppConfig.ready().
conditions: dict[str, Callable[[], bool]] = {}


def only_if(type: str, condition: Callable[[], bool]) -> None:
    """Let jobs of this type follow a change only while the condition holds."""
    conditions[type] = condition


def enqueue_following(
    kinds: Collection[str], boxes: Collection["Box"], *, by: User | None
) -> list[Job]:
    """Enqueue what changes of these kinds and in these boxes call for, and return it in order."""
    following = Following(by)
    for kind in in_order(kinds):
        following.sync(kind)
        following.build_tiles(kind)
    following.recheck(boxes)
    return following.jobs


def enqueue_tiles_and_recheck(
    kinds: Collection[str], boxes: Collection["Box"], *, by: User | None
) -> list[Job]:
    """The same without Airtable, for changes that come from there."""
    following = Following(by)
    for kind in in_order(kinds):
        following.build_tiles(kind)
    following.recheck(boxes)
    return following.jobs


def listed(jobs: Iterable[Job]) -> str:
    """A line for each job, as commands say what they enqueued."""
    return "".join(
        f"{job.type} {job.data.get('name', '')}".rstrip() + f": job {job.pk}\n" for job in jobs
    )


def in_order(kinds: Collection[str]) -> Iterator[str]:
    return (kind for kind in SOURCES if kind in kinds)


class Following:
    """Jobs in several chains, so that nothing waits for an Airtable that is down, or for a person
    who has to confirm a sync of another kind.
    """

    def __init__(self, by: User | None) -> None:
        # Of all chains, in the order in which they were enqueued.
        self.jobs: list[Job] = []
        self._by, self._ours = by, Chain(by)

    def sync(self, kind: str) -> None:
        if kind in NOT_IN_AIRTABLE:
            return
        chain = Chain(self._by)
        self._add_of(kind, "sync_geometries_to_airtable", chain)
        self._add_of(kind, "sync_metadata_from_airtable", chain)

    def build_tiles(self, kind: str) -> None:
        self._add_of(kind, "build_tiles", self._ours)

    def recheck(self, boxes: Collection["Box"]) -> None:
        if boxes:
            data = {"bboxes": [list(box) for box in boxes]}
            self.jobs += self._ours.add("pro_eligibility_test_notify_changes", data)

    def _add_of(self, kind: str, type: str, chain: "Chain") -> None:
        source = SOURCES[kind]
        self.jobs += chain.add(type, {"name": source}, unique_key=f"{type}:{source}")


class Chain:
    """Jobs of which each waits for the one before."""

    def __init__(self, by: User | None) -> None:
        self._by = by
        self._last: Job | None = None

    def add(self, type: str, data: Mapping[str, Any], *, unique_key: str = "") -> list[Job]:
        """The job, or none if no app runs it or its condition does not hold."""
        if type not in job_types or not conditions.get(type, always)():
            return []
        self._last = Job.objects.enqueue(
            type, data, user=self._by, unique_key=unique_key, after=self._last
        )
        return [self._last]


def always() -> bool:
    return True
