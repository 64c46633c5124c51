"""The job that follows a change of the networks."""

import numpy as np
import pytest
from django.core import mail as outbox
from shapely.geometry import LineString, MultiLineString

from jobs.models import Job
from jobs.running import RunningJob
from networks.geometry import to_wgs_84
from networks.models import HeatNetwork
from networks.writing import one_writer
from pro_eligibility import mail
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.handlers import NotifyChanges, notify_changes
from pro_eligibility.models import Assessment, EligibilityTest
from pro_eligibility.recheck import concerned_tests
from tests.factories import UserFactory
from tests.networks.factories import HeatNetworkFactory, X, Y
from tests.pro_eligibility.factories import AddressRowFactory, EligibilityTestFactory

pytestmark = pytest.mark.django_db


def box(west, south, east, north):
    """In degrees, around these metres."""
    corners = to_wgs_84(LineString([(west, south), (east, north)]))
    return list(corners.bounds)


HERE = (X - 1_000, Y - 1_000, X + 2_000, Y + 1_000)


def assessed(row):
    """The row with its first entry, by the networks as they are."""
    [verdict] = Snapshot.load().assess(np.array([(row.x, row.y)]))
    row.assessment = Assessment.objects.create(
        row=row, transition="initial", data_version="made-up", rules_version=1, **verdict._asdict()
    )
    row.save()
    return row


def notify(*boxes, job=None):
    job = job or Job.objects.enqueue(
        "pro_eligibility_test_notify_changes", {"bboxes": [box(*one) for one in boxes]}
    )
    data = NotifyChanges.model_validate(job.data)
    return notify_changes(RunningJob(id=job.pk, type=job.type, data=data))


def last(row):
    row.refresh_from_db()
    return row.assessment.type, row.assessment.transition


def test_an_address_that_loses_its_network_is_told_so():
    """D-3.12: removals are rechecked like additions."""
    network = HeatNetworkFactory()
    row = assessed(AddressRowFactory())
    network.delete()

    done = notify(HERE)

    assert last(row) == ("trop_eloigne", "reseau_supprime")
    assert (done.tests, done.tests_changed, done.addresses_changed) == (1, 1, 1)
    assert EligibilityTest.objects.get().has_unseen_changes


def test_an_address_that_gains_a_network_is_told_so():
    row = assessed(AddressRowFactory())
    HeatNetworkFactory()

    notify(HERE)

    assert last(row) == ("reseau_existant_tres_proche", "nouveau_reseau_existant")


def test_an_address_outside_the_boxes_is_left_alone():
    row = assessed(AddressRowFactory(x=X + 50_000.0))
    HeatNetworkFactory(geometry=MultiLineString([LineString([(X + 50_000, Y), (X + 51_000, Y)])]))

    done = notify(HERE)

    assert done.tests == 0
    assert last(row) == ("trop_eloigne", "initial")


def test_an_address_that_is_in_two_boxes_is_assessed_once():
    row = assessed(AddressRowFactory())
    HeatNetworkFactory()

    notify(HERE, HERE)

    assert row.history.count() == 2


def test_what_has_not_changed_gets_no_entry_and_no_flag():
    HeatNetworkFactory()
    row = assessed(AddressRowFactory())

    done = notify(HERE)

    assert done.addresses_changed == 0
    assert row.history.count() == 1
    assert not EligibilityTest.objects.get().has_unseen_changes
    assert not Job.objects.filter(type="build_tiles").exists()


def test_deleted_and_purged_tests_are_left_alone():
    """D-3.12"""
    assessed(AddressRowFactory()).test.delete_softly()
    HeatNetworkFactory()

    assert notify(HERE).tests == 0


def test_the_map_is_built_once_after_it():
    """D-2.13"""
    for row in AddressRowFactory.create_batch(3):
        assessed(row)
    HeatNetworkFactory()

    notify(HERE)

    assert Job.objects.get(type="build_tiles").data == {"name": "tests-adresses"}


def test_the_number_of_changed_tests_is_that_of_this_job():
    """D-3.12: not of every test with the flag."""
    EligibilityTestFactory(has_unseen_changes=True)
    assessed(AddressRowFactory())
    HeatNetworkFactory()

    assert notify(HERE).tests_changed == 1


def test_owners_are_told_in_one_digest_each_if_they_asked():
    alice, bob = UserFactory(email="alice@example.org"), UserFactory(email="bob@example.org")
    for owner, wants in [(alice, True), (alice, True), (alice, False), (bob, True)]:
        assessed(AddressRowFactory(test__user=owner, test__wants_mail=wants))
    HeatNetworkFactory()

    notify(HERE)
    for job in Job.objects.filter(type="pro_eligibility_mail"):
        data = mail.Mail.model_validate(job.data)
        mail.send(RunningJob(id=job.pk, type=job.type, data=data))

    subjects = {message.to[0]: message.subject for message in outbox.outbox}
    assert subjects == {
        "alice@example.org": "Addresses of 2 tests have changed",
        "bob@example.org": "Addresses of 1 test have changed",
    }


def test_a_late_recheck_does_not_write_over_a_newer_one(monkeypatch):
    """The networks changed again, and were rechecked, after this job had read them."""
    row = assessed(AddressRowFactory())
    with one_writer():
        network = HeatNetworkFactory()

    def late(boxes):
        monkeypatch.undo()
        with one_writer():
            network.delete()
        notify(HERE)
        return concerned_tests(boxes)

    monkeypatch.setattr("pro_eligibility.recheck.concerned_tests", late)
    notify(HERE)

    assert row.history.count() == 1
    assert last(row) == ("trop_eloigne", "initial")


def test_another_figure_is_taken_up_without_telling_anybody():
    with one_writer():
        network = HeatNetworkFactory()
    row = assessed(AddressRowFactory())
    with one_writer():
        HeatNetwork.objects.filter(pk=network.pk).update(taux_enrr=1.5)

    done = notify(HERE)

    row.refresh_from_db()
    assert row.assessment.taux_enrr == 1.5
    assert done.tests_changed == 0


def test_a_job_that_goes_on_after_an_interruption_counts_what_it_changed_before():
    row = assessed(AddressRowFactory(test__wants_mail=True))
    HeatNetworkFactory()
    notify(HERE)
    job = Job.objects.get(type="pro_eligibility_test_notify_changes")

    again = notify(job=job)

    assert again.addresses_changed == 1
    assert row.history.count() == 2
    assert Job.objects.filter(type="pro_eligibility_mail").count() == 1


def test_many_addresses_take_few_queries(django_assert_max_num_queries):
    test = EligibilityTestFactory()
    for row in AddressRowFactory.create_batch(50, test=test):
        assessed(row)
    HeatNetworkFactory()
    job = Job.objects.enqueue("pro_eligibility_test_notify_changes", {"bboxes": [box(*HERE)]})

    with django_assert_max_num_queries(45):
        notify(job=job)

    assert Assessment.objects.filter(transition="nouveau_reseau_existant").count() == 50


@pytest.mark.parametrize("wrong", [[3, 48, 2, 49], [2, 49, 3, 48], [2, 48, 300, 49]])
def test_a_box_that_is_none_is_refused(wrong):
    with pytest.raises(Exception, match="a box is west, south, east, north, in degrees"):
        Job.objects.enqueue("pro_eligibility_test_notify_changes", {"bboxes": [wrong]})


def test_a_box_may_be_a_point():
    row = assessed(AddressRowFactory())
    HeatNetworkFactory()

    notify((row.x, row.y, row.x, row.y))

    assert row.history.count() == 2


def test_a_network_opened_to_connections_counts_as_a_change():
    """D-3.13"""
    network = HeatNetworkFactory(open_to_connections=False)
    row = assessed(AddressRowFactory())
    HeatNetwork.objects.filter(pk=network.pk).update(open_to_connections=True)

    notify(HERE)

    assert last(row) == ("reseau_existant_tres_proche", "nouveau_reseau_existant")
