"""What a snapshot reads of the database."""

import numpy as np
import pytest

from networks.models import HeatNetwork
from networks.writing import one_writer
from pro_eligibility.eligibility.snapshot import Snapshot
from pro_eligibility.eligibility.verdict import EligibilityType
from tests.networks.factories import (
    CommuneFactory,
    DevelopmentPerimeterFactory,
    HeatNetworkFactory,
    NetworkUnderConstructionFactory,
)
from tests.pro_eligibility.eligibility.world import HERE, area, trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    """One of each kind: a heat network at 300 m, a future one at 150 m, a perimeter elsewhere."""
    HeatNetworkFactory(geometry=trace(300))
    NetworkUnderConstructionFactory(geometry=trace(150))
    DevelopmentPerimeterFactory(geometry=area(1))
    CommuneFactory(insee="38185", name="Grenoble")


def here(snapshot):
    return snapshot.assess(np.array([HERE], dtype=float))[0]


@pytest.mark.usefixtures("stored")
def test_it_is_read_in_five_queries_however_many_points_follow(django_assert_num_queries):
    with django_assert_num_queries(5):
        Snapshot.load().assess(np.full((1_000, 2), HERE, dtype=float))


@pytest.mark.usefixtures("stored")
def test_it_holds_networks_of_each_kind_and_communes():
    verdict = here(Snapshot.load())

    assert (verdict.type, verdict.commune) == (EligibilityType.FUTURE_CLOSE, "Grenoble")


def test_it_holds_perimeters():
    DevelopmentPerimeterFactory(geometry=area(-500))

    assert here(Snapshot.load()).type == EligibilityType.IN_PDP_EXISTING


@pytest.mark.usefixtures("stored")
def test_the_database_and_the_rows_of_it_have_one_version():
    network = HeatNetwork.objects.get()
    version = Snapshot.load().data_version

    network.name = "Autre nom"
    network.save()
    changed = Snapshot.load().data_version
    HeatNetwork.objects.update(name="Réseau du Centre")

    assert changed != version
    assert Snapshot.load().data_version == version


def test_later_changes_do_not_reach_it():
    HeatNetworkFactory(geometry=trace(0))
    snapshot = Snapshot.load()

    HeatNetwork.objects.all().delete()

    assert here(snapshot).distance == 0


def test_a_snapshot_is_current_until_somebody_changes_the_networks():
    snapshot = Snapshot.load()
    assert snapshot.is_current()

    with one_writer():
        HeatNetworkFactory()

    assert not snapshot.is_current()
    assert Snapshot.load().is_current()
