"""What a person changes of a test, all of it or nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pro_eligibility.models import EligibilityTest
from pro_eligibility.models.eligibility_test import build_tiles


@transaction.atomic
def change(test: EligibilityTest, values: Mapping[str, Any]) -> None:
    """Raises LayoutRefused, AlreadyRunning, AlreadyRead or Purged."""
    fields = dict(values)
    if layout := fields.pop("layout", None):
        test.set_layout(layout)
    with test.changing(anyway=True) as locked:
        threshold = locked.score_threshold
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=fields)
        if locked.score_threshold != threshold:
            # The map shows the places that are sure enough.
            build_tiles()
