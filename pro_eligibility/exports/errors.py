"""Why there is nothing to export, or not all of it. Each message says what to do."""

from django.utils.translation import gettext as _

from pro_eligibility.errors import EligibilityError, NotNow


class NotRead(NotNow):
    """There are no rows before the first start."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The rows of “{name}” have not been read yet: start it, then export it.").format(
                name=name
            )
        )


class RowsRemoved(EligibilityError):
    """A file that lacks rows must not look whole, so it ends in the middle."""

    def __init__(self, name: str, written: int, rows: int) -> None:
        super().__init__(
            f"The rows of {name!r} were removed while they were exported: {written:,} of {rows:,} "
            "were written. The file is not whole; there is nothing left to export."
        )
