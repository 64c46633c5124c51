"""The page where it is seen, tried and corrected how a file is read, before the test starts."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pro_eligibility.errors import AlreadyRead, AlreadyRunning, Purged
from pro_eligibility.models import EligibilityTest
from pro_eligibility.pages.access import to_test
from pro_eligibility.pages.layout_form import LayoutForm, values_of
from pro_eligibility.pages.sample import Sample, columns_under, sample
from pro_eligibility.pages.tried import tried
from pro_eligibility.uploads.errors import LayoutRefused, UploadRefused
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.workbook import sheet_names


def layout_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    """Its buttons show a layout, try it, or start the test with it."""
    refuse_if_too_late(test)
    action = request.POST.get("action", "")
    content = bytes(test.upload.content)
    form = form_of(request, test, content)
    layout = form.layout() if form.is_valid() else None
    seen = look(form, content, layout)
    if seen and layout and action == "start":
        return start(request, test, layout)
    context = {"test": test, "form": form, "sample": seen}
    if seen and layout and action == "try":
        context |= tried(test, layout)
    status = 200 if seen or request.method != "POST" else 400
    return render(request, "pro_eligibility/layout.html", context, status=status)


def refuse_if_too_late(test: EligibilityTest) -> None:
    if test.purged_at:
        raise Purged(test.name)
    if test.is_active:
        raise AlreadyRunning(test.name)
    if test.read_at:
        raise AlreadyRead(test.name)


def form_of(request: HttpRequest, test: EligibilityTest, content: bytes) -> LayoutForm:
    saved = test.layout
    sheets = sheet_names(content) if saved.format == "workbook" else []
    data = request.POST if request.method == "POST" else values_of(saved)
    form = LayoutForm(saved, sheets, data)
    form.offer(test.columns)
    return form


def look(form: LayoutForm, content: bytes, layout: Layout | None) -> Sample | None:
    """The first rows, and their columns to choose from; else what is wrong, in the form."""
    if layout is None:
        return None
    try:
        seen = sample(content, layout)
    except LayoutRefused as refused:
        form.refuse(refused.fields)
        form.offer(columns_under(content, layout))
        return None
    except UploadRefused as refused:
        form.add_error(None, str(refused))
        return None
    form.offer(seen.columns)
    return seen


def start(request: HttpRequest, test: EligibilityTest, layout: Layout) -> HttpResponse:
    with transaction.atomic():
        test.set_layout(layout)
        test.start()
    messages.success(request, _("The test was started."))
    return to_test(test)
