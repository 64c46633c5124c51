"""How far a test is, on a page that keeps itself up to date."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import Job
from pro_eligibility.models import EligibilityTest

# What the job says, up to a semicolon; what is not here is shown as it is.
PHASES = {
    "reading the file": gettext_lazy("Reading the file"),
    "geocoding": gettext_lazy("Finding the addresses"),
    "waiting for the geocoder": gettext_lazy("Waiting for the geocoder, which does not answer"),
    "comparing with the networks": gettext_lazy("Comparing with the networks"),
}
SPOKEN_EVERY = 10  # percent


def progress_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    return render(request, "pro_eligibility/progress.html", {"test": test} | progress_of(test))


def progress_fragment(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    """What progress.mjs puts into the page; 204 when the page is to be loaded again."""
    if not test.is_active:
        return HttpResponse(status=204)
    return render(
        request, "pro_eligibility/progress_fragment.html", {"test": test} | progress_of(test)
    )


def progress_of(test: EligibilityTest) -> dict[str, Any]:
    job = test.job
    reported = (job and job.progress) or {}
    done, total = reported.get("done") or 0, reported.get("total") or test.row_count
    phase = phase_of(job, reported.get("message") or "")
    percent = 100 * done // total if total else 0
    spoken = percent - percent % SPOKEN_EVERY
    return {
        "done": done,
        "total": total,
        "phase": phase,
        # Seldom enough to be read aloud.
        "spoken": f"{phase}, {spoken}\u00a0%" if reported else phase,
        "end": test.estimated_end_at if test.stage == "running" else None,
        "failure": last_failure(job),
    }


def phase_of(job: Job | None, message: str) -> str:
    if job and job.cancel_requested_at:
        return _("Stopping")
    if job and job.status == Job.Status.PENDING:
        return _("Waiting for its turn")
    return str(PHASES.get(message.partition(";")[0], message) or _("Starting"))


def last_failure(job: Job | None) -> dict[str, Any] | None:
    """Of a job that waits for another attempt: why, and when that is."""
    if job is None or job.status != Job.Status.PENDING or not job.errors:
        return None
    return {"message": job.errors[-1]["message"].partition(": ")[2], "again_at": job.run_at}
