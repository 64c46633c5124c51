"""The page that takes a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from pro_eligibility.models import EligibilityTest
from pro_eligibility.models.eligibility_test import LONGEST_NAME
from pro_eligibility.pages.access import to_test
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.limits import MAX_BYTES, MAX_ROWS

MEGABYTE = 1024 * 1024
ROOM_FOR_THE_FORM = 64 * 1024
READ_AT_ONCE = 64 * 1024
# A browser that sends more than this is cut off instead of told why.
MOST_READ = 20 * MAX_BYTES


class UploadForm(forms.Form):
    # That it is empty is said by UploadRefused.
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
    name = forms.CharField(
        label=gettext_lazy("Name of the test"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("If you leave it empty, the test is called like the file."),
    )
    wants_mail = forms.BooleanField(
        label=gettext_lazy("Tell me by e-mail when the results are there"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"label_suffix": ""})
        self.fields["file"].help_text = limits()

    @classmethod
    def refusing(cls, why: UploadRefused) -> "UploadForm":
        """A form of which nothing was read."""
        form = cls({})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", str(why))
        return form

    def upload(self, user: Any) -> EligibilityTest:
        """Raises UploadRefused."""
        given = dict(self.cleaned_data)
        file = given.pop("file")
        return EligibilityTest.objects.upload(
            user, filename=file.name, content=file.read(), **given
        )


def limits() -> str:
    return gettext(
        "CSV, TXT, XLSX or ODS; at most %(megabytes)s MB and %(rows)s rows, one address in each."
    ) % {
        "megabytes": MAX_BYTES // MEGABYTE,
        "rows": number_format(MAX_ROWS, force_grouping=True),
    }


@login_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload_page(request: HttpRequest) -> HttpResponse:
    """Its size is looked at before the check of the token, which reads all that was sent."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size <= MAX_BYTES + ROOM_FOR_THE_FORM:
        return take(request)
    read_to_the_end(request)
    why = UploadRefused(
        "too_large", what=gettext("The file"), size=size // MEGABYTE, most=MAX_BYTES // MEGABYTE
    )
    return show(request, UploadForm.refusing(why), status=413)


@csrf_protect
def take(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            test = form.upload(request.user)
        except UploadRefused as why:
            form.add_error("file", str(why))
        else:
            messages.success(request, gettext("The file was received. Check how it is read."))
            return to_test(test)
    return show(request, form, status=400)


def show(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    return render(request, "pro_eligibility/upload.html", {"form": form}, status=status)


def read_to_the_end(request: HttpRequest) -> None:
    """And keep nothing: a browser shows the answer only when it could send everything."""
    for _ in range(MOST_READ // READ_AT_ONCE):
        if not request.read(READ_AT_ONCE):
            return
