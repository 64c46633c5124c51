"""Tests of addresses for the tests: rows around the point 700 km, 6,600 km (tests.networks)."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from pro_eligibility.models import AddressRow, Assessment, EligibilityTest, Reason, State, Upload
from tests.factories import UserFactory
from tests.networks.factories import X, Y

CONTENT = b"adresse\n1 rue de la Paix 03000 Moulins\n2 rue de la Paix 03000 Moulins\n"


class EligibilityTestFactory(DjangoModelFactory[EligibilityTest]):
    """A draft: uploaded, not started."""

    class Meta:
        model = EligibilityTest
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Test {n}")
    user = factory.SubFactory(UserFactory)
    layout_data: Any = factory.LazyFunction(lambda: {"delimiter": None, "address_columns": [0]})
    columns: Any = factory.LazyFunction(lambda: ["adresse"])
    row_count = 2

    @factory.post_generation
    def content(self, create: bool, content: bytes | None, **_: Any) -> None:
        content = CONTENT if content is None else content
        Upload.objects.create(test=self, filename="a.csv", content=content, size=len(content))


class AddressRowFactory(DjangoModelFactory[AddressRow]):
    """A row that was located by the geocoder, with a score of 90 %."""

    class Meta:
        model = AddressRow

    class Params:
        waiting = factory.Trait(state=State.WAITING, reason=Reason.WAITING, x=None, y=None)
        not_found = factory.Trait(state=State.NOT_FOUND, reason=Reason.NOT_FOUND, x=None, y=None)

    test = factory.SubFactory(EligibilityTestFactory)
    number = factory.Sequence(lambda n: n + 1)
    query = factory.LazyAttribute(lambda row: f"{row.number} rue de la Paix 03000 Moulins")
    query_key = factory.LazyAttribute(lambda row: row.query.lower())
    cells: Any = factory.LazyAttribute(lambda row: [row.query])
    label = factory.LazyAttribute(lambda row: f"{row.number} Rue de la Paix 03000 Moulins")
    state = State.LOCATED
    reason = Reason.LOCATED
    facts: Any = factory.LazyAttribute(lambda row: {"score": row.score})
    score = 90
    x = X + 10.0
    y = Y + 10.0


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """The first of a row: 50 m from an existing network."""

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    row = factory.SubFactory(AddressRowFactory)
    transition = "initial"
    data_version = "made-up"
    rules_version = 1
    type = "reseau_existant_tres_proche"
    eligible = True
    distance = 50
    network_kind = "heat_network"
    id_fcu = 1
    sncu = "0301C"
    network_name = "Réseau du Centre"

    @factory.post_generation
    def is_last(self, create: bool, extracted: Any, **_: Any) -> None:
        AddressRow.objects.filter(pk=self.row_id).update(assessment=self)
