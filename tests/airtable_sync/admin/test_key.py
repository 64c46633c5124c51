"""The key to Airtable is on no page."""

import pytest

from tests.airtable_sync.admin.conftest import KEY, LIST, page_of
from tests.airtable_sync.factories import plan_with

SURE = {"sure": "yes"}


def addresses(plan) -> list[str]:
    return [LIST, page_of(plan), f"{LIST}{plan.pk}/history/"]


@pytest.mark.parametrize("base", ["appMadeUp01234567", ""])
def test_the_key_is_on_no_page_and_in_no_message(operator, settings, base):
    settings.AIRTABLE = settings.AIRTABLE | {"base": base}
    waiting = plan_with({}, needs_confirmation=True)
    applied = plan_with({"applied": True}, applied=True)

    answers = [
        *(operator.get(address) for plan in (waiting, applied) for address in addresses(plan)),
        operator.post(f"{LIST}sync/to_airtable/reseaux-de-froid/", follow=True),
        operator.post(f"{LIST}{waiting.pk}/apply/", SURE, follow=True),
        operator.post(f"{LIST}{applied.pk}/undo/", SURE, follow=True),
        operator.post(f"{LIST}{applied.pk}/apply/", SURE, follow=True),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert settings.AIRTABLE["api_key"] == KEY
    assert [answer for answer in answers if KEY in answer.content.decode()] == []
