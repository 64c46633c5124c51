"""The jobs that follow changes, one after the other; only those that some app runs."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from accounts.models import User
from jobs.models import Job
from jobs.registry import job_types
from networks.affected import Box
from networks.kinds import (
    COLD_NETWORKS,
    DEVELOPMENT_PERIMETERS,
    HEAT_NETWORKS,
    NETWORKS_UNDER_CONSTRUCTION,
)

# What Airtable and the tiles call each kind.
SOURCES = {
    HEAT_NETWORKS.name: "reseaux-de-chaleur",
    COLD_NETWORKS.name: "reseaux-de-froid",
    NETWORKS_UNDER_CONSTRUCTION.name: "reseaux-en-construction",
    DEVELOPMENT_PERIMETERS.name: "perimetres-de-developpement-prioritaire",
}
NOT_IN_AIRTABLE = {DEVELOPMENT_PERIMETERS.name}


def enqueue_following(
    kinds: Collection[str], boxes: Collection[Box], *, by: User | None
) -> list[Job]:
    """Enqueue what changes of these kinds and in these boxes call for, and return it in order."""
    chain = Chain(by)
    for kind, source in SOURCES.items():
        if kind not in kinds:
            continue
        if kind not in NOT_IN_AIRTABLE:
            # Geometries first: what follows from them is not to be overwritten by older metadata.
            chain.add("sync_geometries_to_airtable", {"name": source})
            chain.add("sync_metadata_from_airtable", {"name": source})
        chain.add("build_tiles", {"name": source}, unique_key=f"build_tiles:{source}")
    if boxes:
        chain.add("pro_eligibility_test_notify_changes", {"bboxes": [list(box) for box in boxes]})
    return chain.jobs


def listed(jobs: Iterable[Job]) -> str:
    """A line for each job, as commands say what they enqueued."""
    return "".join(
        f"{job.type} {job.data.get('name', '')}".rstrip() + f": job {job.pk}\n" for job in jobs
    )


class Chain:
    """Jobs of which each waits for the one before."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.jobs: list[Job] = []

    def add(self, type: str, data: Mapping[str, Any], *, unique_key: str = "") -> None:
        if type not in job_types:
            return
        after = self.jobs[-1] if self.jobs else None
        job = Job.objects.enqueue(type, data, user=self.by, unique_key=unique_key, after=after)
        self.jobs.append(job)
