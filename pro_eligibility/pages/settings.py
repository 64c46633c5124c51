"""The page where a test is renamed, and where its owner says whether to be told by e-mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pro_eligibility.models import EligibilityTest
from pro_eligibility.pages.access import to_test


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EligibilityTest
        fields = ["name", "wants_mail"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"label_suffix": ""})

    def keep(self) -> None:
        """Only this: its job may write the rest meanwhile."""
        with self.instance.changing(anyway=True) as test:
            for field, value in self.cleaned_data.items():
                setattr(test, field, value)
            test.save(update_fields=self.cleaned_data)


def settings_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=test)
    if form.is_valid():
        form.keep()
        messages.success(request, _("The settings were saved."))
        return to_test(test)
    # A form writes what was typed into its instance; the heading keeps the name that is saved.
    context = {"test": test, "name": form.initial["name"], "form": form}
    status = 400 if form.errors else 200
    return render(request, "pro_eligibility/settings.html", context, status=status)
