"""A test with rows of every outcome, and readers that know nothing of how exports are written."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest, Reason, State
from tests.conftest import client_of
from tests.factories import UserFactory
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = ["export.csv", "export.xlsx", "export.geojson", "summary.csv", "summary.xlsx"]
Make = Callable[..., EligibilityTest]


@pytest.fixture
def alice(db: None) -> APIClient:
    return client_of(UserFactory(username="alice"))


@pytest.fixture
def make(alice: Any) -> Make:
    """A test of Alice's with located rows that have these cells."""

    def make(*cells: list[str], **options: Any) -> EligibilityTest:
        test = EligibilityTestFactory(
            **{"user": alice.user, "read_at": NOON, "row_count": len(cells)} | options
        )
        for number, row in enumerate(cells, 1):
            AddressRowFactory(test=test, number=number, cells=row, query="")
        return test

    return make


@pytest.fixture
def every(alice: Any) -> EligibilityTest:
    """One row of each outcome, in the order of Outcome."""
    test = EligibilityTestFactory(
        user=alice.user, columns=["adresse"], read_at=NOON, row_count=6, completed_at=NOON,
        data_version="abc123",
    )  # fmt: skip
    first = AssessmentFactory(
        row__test=test, row__number=1, row__x=700_000, row__y=6_600_000, calculated_at=NOON,
        taux_enrr=50.5, contenu_co2_acv=0.1234, commune="Moulins", departement="Allier",
    ).row  # fmt: skip
    AssessmentFactory(
        row__test=test, row__number=2, row__score=40, type="dans_ville_reseau_existant_sans_trace",
        eligible=False, distance=None, sncu="", network_name="", network_kind="", id_fcu=None,
    )  # fmt: skip
    nowhere = {"test": test, "x": None, "y": None, "label": "", "score": None, "facts": {}}
    AddressRowFactory(number=3, state=State.NOT_FOUND, reason=Reason.NOT_FOUND, **nowhere)
    AddressRowFactory(
        number=4, state=State.DUPLICATE, reason=Reason.DUPLICATE, duplicate_of=first,
        **nowhere | {"facts": {"row": 1}},
    )  # fmt: skip
    AddressRowFactory(number=5, state=State.INVALID, reason=Reason.EMPTY, **nowhere)
    AddressRowFactory(number=6, state=State.WAITING, reason=Reason.WAITING, **nowhere)
    return test


def get(client: APIClient, test: EligibilityTest, file: str, **headers: str) -> Any:
    return client.get(f"/api/eligibility-tests/{test.pk}/{file}", headers=headers)


def read_csv(client: APIClient, test: EligibilityTest, file: str = "export.csv") -> list[list[str]]:
    text = get(client, test, file).getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def read_xlsx(
    client: APIClient, test: EligibilityTest, file: str = "export.xlsx", sheet: int = 0
) -> list[list[Any]]:
    content = get(client, test, file).getvalue()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return workbook.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def read_geojson(client: APIClient, test: EligibilityTest) -> list[Any]:
    collection = json.loads(get(client, test, "export.geojson").getvalue())
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


@pytest.fixture
def in_french(tmp_path: Path, settings: Any) -> Callable[[dict[str, str]], None]:
    """Made-up translations that come before those of the project."""

    def in_french(messages: dict[str, str]) -> None:
        catalogue = Catalog("fr")
        for message, translated in messages.items():
            catalogue.add(message, translated)
        folder = tmp_path / "fr" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "django.mo").open("wb") as file:
            write_mo(file, catalogue)
        settings.LOCALE_PATHS = [tmp_path]

    return in_french
