"""Renaming, telling by e-mail, deleting, removing addresses."""

import pytest

from pro_eligibility.models import EligibilityTest, Upload
from tests.pro_eligibility.pages.conftest import said, text, url

pytestmark = pytest.mark.django_db


def test_a_test_is_renamed(page, draft):
    renamed = page.post(url(draft, "settings/"), {"name": "Lyon"}, follow=True)

    draft.refresh_from_db()
    assert draft.name == "Lyon"
    assert said(renamed) == ["The settings were saved."]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("a" * 101, "Ensure this value has at most 100 characters (it has 101)."),
    ],
)
def test_a_name_of_the_wrong_length_is_refused(page, draft, name, reason):
    refused = page.post(url(draft, "settings/"), {"name": name})

    assert refused.status_code == 400
    assert refused.context["form"].errors == {"name": [reason]}
    assert "Settings of Paris" in text(refused)


def test_the_reason_is_bound_to_the_field(page, draft):
    refused = page.post(url(draft, "settings/"), {"name": ""}).content.decode()

    assert 'aria-describedby="id_name_error"' in refused
    assert 'id="id_name_error"' in refused


def test_the_mail_is_asked_for_and_refused_by_a_switch(page, draft):
    page.post(url(draft, "settings/"), {"name": "Paris", "wants_mail": "on"})
    assert EligibilityTest.objects.get().wants_mail

    page.post(url(draft, "settings/"), {"name": "Paris"})
    assert not EligibilityTest.objects.get().wants_mail


def test_what_its_job_wrote_meanwhile_stays(page, draft, monkeypatch):
    def finish_meanwhile(form):
        EligibilityTest.objects.update(row_count=7)
        return keep(form)

    from pro_eligibility.pages.settings import SettingsForm

    keep = SettingsForm.keep
    monkeypatch.setattr(SettingsForm, "keep", finish_meanwhile)

    page.post(url(draft, "settings/"), {"name": "Lyon"})

    draft.refresh_from_db()
    assert (draft.name, draft.row_count) == ("Lyon", 7)


def test_before_a_test_is_deleted_it_is_asked_once_more(page, draft):
    asked = page.get(url(draft, "delete/"))

    assert "Delete “Paris”? It disappears from your tests and from the map." in text(asked)
    assert EligibilityTest.objects.present().exists()


def test_a_test_is_deleted_from_sight(page, draft):
    deleted = page.post(url(draft, "delete/"), follow=True)

    assert deleted.request["PATH_INFO"] == "/eligibility-tests/"
    assert said(deleted) == ["“Paris” was deleted."]
    assert Upload.objects.filter(test=draft).exists()


def test_a_running_test_is_stopped_when_it_is_deleted(page, running):
    page.post(url(running, "delete/"))

    running.job.refresh_from_db()
    assert running.job.cancel_requested_at


def test_before_the_addresses_are_removed_it_says_that_this_is_for_good(page, draft):
    asked = page.get(url(draft, "purge/"))

    assert "Remove the addresses of “Paris”? This cannot be undone." in text(asked)
    assert Upload.objects.filter(test=draft).exists()


def test_the_addresses_are_removed_for_good(page, draft):
    purged = page.post(url(draft, "purge/"), follow=True)

    assert said(purged) == ["The addresses of “Paris” were removed."]
    assert not Upload.objects.filter(test=draft).exists()


def test_a_test_that_was_deleted_meanwhile_is_not_found(page, draft, monkeypatch):
    start = EligibilityTest.start

    def delete_meanwhile(test):
        EligibilityTest.objects.get(pk=test.pk).delete_softly()
        start(test)

    monkeypatch.setattr(EligibilityTest, "start", delete_meanwhile)

    assert page.post(url(draft, "start/")).status_code == 404
