"""What owners are told by e-mail."""

import pytest
from django.core import mail as outbox

from jobs.running import RunningJob
from pro_eligibility.mail import Mail, send
from tests.factories import UserFactory
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

pytestmark = pytest.mark.django_db


def tell(owner, *tests, about="results", changed=3):
    data = Mail(user_id=owner.pk, about=about, tests={test.pk: changed for test in tests})
    return send(RunningJob(id=owner.pk, type="pro_eligibility_mail", data=data))


def test_results_are_told_with_their_counts_and_a_link(settings):
    settings.SITE_URL = "https://heat.example.org"
    owner = UserFactory(email="alice@example.org")
    test = EligibilityTestFactory(user=owner, name="Mairie")
    AssessmentFactory(row__test=test)
    AddressRowFactory(test=test, not_found=True)

    assert tell(owner, test).messages == 1

    [message] = outbox.outbox
    assert message.subject == "The results of “Mairie”"
    assert "Eligible addresses: 1\nOk: 1\nTo review: 0\nNot found: 1\n" in message.body
    assert f"https://heat.example.org/eligibility-tests/{test.pk}/" in message.body


def test_changes_are_told_test_by_test():
    owner = UserFactory(email="alice@example.org")
    one, two = EligibilityTestFactory.create_batch(2, user=owner)

    tell(owner, one, two, about="changes", changed=1)

    [message] = outbox.outbox
    assert f"“{one.name}”: 1 address has changed." in message.body
    assert f"“{two.name}”: 1 address has changed." in message.body


def test_a_name_cannot_add_lines_to_the_header():
    owner = UserFactory(email="alice@example.org")

    tell(owner, EligibilityTestFactory(user=owner, name="a\nBcc: b@example.org"))

    assert outbox.outbox[0].subject == "The results of “a Bcc: b@example.org”"


def test_nothing_is_sent_to_somebody_without_an_address():
    owner = UserFactory(email="")

    assert tell(owner, EligibilityTestFactory(user=owner)).messages == 0


def test_nothing_is_sent_about_a_test_that_was_deleted():
    owner = UserFactory(email="alice@example.org")
    test = EligibilityTestFactory(user=owner)
    test.delete_softly()

    assert tell(owner, test).messages == 0
    assert outbox.outbox == []


def test_it_is_written_in_the_language_of_the_upload():
    owner = UserFactory(email="alice@example.org")

    tell(owner, EligibilityTestFactory(user=owner, name="Mairie", language="fr"))

    assert outbox.outbox[0].subject == "Les résultats de « Mairie »"
