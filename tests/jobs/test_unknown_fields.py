import json

import pytest
from pydantic import BaseModel

from jobs.errors import InvalidPayload
from tests.jobs.payloads import Door, House, Wall, job_type


@pytest.mark.parametrize("as_read", [dict, json.dumps])
@pytest.mark.parametrize(
    ("data", "only_unknown"),
    [
        ({"parts": [], "size": 1}, True),
        ({"parts": [{"kind": "door", "size": 1}], "colour": "red"}, True),
        ({"parts": [], "anything": {"whatever": 1}, "front": {"size": 1}}, True),
        ({"size": 1}, False),
        ({"parts": 3}, False),
        ({"parts": [{"kind": "window"}], "size": 1}, False),
        ({"parts": [], "size": 1, "front": {"opens": "now and then"}}, False),
    ],
)
def test_it_is_told_whether_merely_unknown_fields_are_wrong(data, only_unknown, as_read):
    with pytest.raises(InvalidPayload) as refusal:
        job_type(House).validate(as_read(data))

    assert refusal.value.only_unknown is only_unknown


def test_of_two_models_that_differ_by_an_unknown_field_that_alone_is_wrong():
    class Either(BaseModel):
        part: Wall | Door

    with pytest.raises(InvalidPayload) as refusal:
        job_type(Either).validate({"part": {"kind": "door", "opens": True, "size": 1}})

    assert refusal.value.only_unknown
