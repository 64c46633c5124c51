"""An attempt at a test: from an uploaded file to what is known of each of its rows."""

from uuid import UUID

from django.db.models.functions import Now

from jobs.running import RunningJob
from pro_eligibility.assess import assess_rows
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import Transition
from pro_eligibility.geocode import geocode
from pro_eligibility.handlers import RowsTested
from pro_eligibility.mail import tell_results
from pro_eligibility.models import Assessment, EligibilityTest
from pro_eligibility.models.eligibility_test import build_tiles
from pro_eligibility.read_rows import read_rows
from pro_eligibility.results import eligible_count, outcome_counts


def run(job: RunningJob) -> RowsTested:
    """Read, geocode, assess: what was committed before an interruption is not done again."""
    test = EligibilityTest(pk=job.data.test_id)
    with test.changing():
        pass  # it may have been deleted while its job waited: Discarded
    job.progress(0, test.row_count, "reading the file")
    read_rows(test)
    requests = geocode(test, job)
    job.progress(test.row_count, test.row_count, "comparing with the networks")
    snapshot = Snapshot.load()
    assess_rows(test, test.rows.located(), snapshot, job)
    conclude(test, snapshot, job)
    return tally(test, job.id, requests)


def conclude(test: EligibilityTest, snapshot: Snapshot, job: RunningJob) -> None:
    """Say that it is done, once for this job, and enqueue what follows."""
    with test.changing() as test:
        # All by one state of the networks. A change that comes later is rechecked by its own job,
        # which waits for the lock and then sees these rows.
        if not snapshot.is_current():
            snapshot = Snapshot.load()
            assess_rows(test, test.rows.located(), snapshot, job)
        if test.completed_by != job.id:
            test.has_unseen_results = True
            build_tiles()
            tell_results(test)
        test.completed_at, test.completed_by = Now(), job.id
        test.data_version, test.estimated_end_at = snapshot.data_version, None
        test.save()


def tally(test: EligibilityTest, job_id: UUID, requests: int) -> RowsTested:
    test.refresh_from_db()
    counts = outcome_counts(test)
    del counts["waiting"]
    added = Assessment.objects.filter(row__test=test, job_id=job_id)
    changed = added.exclude(transition=Transition.NONE).values("row").distinct().count()
    return RowsTested(
        rows=sum(counts.values()),
        **counts,
        eligible=eligible_count(test),
        changed=changed,
        requests=requests,
    )
