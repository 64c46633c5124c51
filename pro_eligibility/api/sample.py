"""The first rows of a file, under its layout or another one."""

from typing import Any

from pro_eligibility.api.serializers import PreviewSerializer
from pro_eligibility.errors import Purged
from pro_eligibility.exports.records import records
from pro_eligibility.models import AddressRow, EligibilityTest
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.preview import check_layout, preview


def with_layout(test: EligibilityTest, layout: Layout | None) -> EligibilityTest:
    """The test as if the layout were its own; not saved. Raises LayoutRefused or Purged."""
    if layout:
        check_layout(content_of(test), layout)
        test.layout_data = layout.model_dump()
    return test


def preview_of(test: EligibilityTest) -> dict[str, Any]:
    """Raises Purged."""
    seen = preview(content_of(test), test.layout)
    rows = [AddressRow(**row._asdict()) for row in seen.rows]
    shown = seen._asdict() | {"rows": records(rows, test.score_threshold)}
    return dict(PreviewSerializer(shown).data)


def content_of(test: EligibilityTest) -> bytes:
    if test.purged_at:
        raise Purged(test.name)
    return bytes(test.upload.content)
