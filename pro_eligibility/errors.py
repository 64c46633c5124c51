"""What can be wrong with an eligibility test. Each message says what to do."""

from django.utils.translation import gettext as _


class EligibilityError(Exception):
    """Base of everything this app refuses, besides the file itself (`uploads.errors`)."""


class NotNow(EligibilityError):
    """The test is not in a state that allows this."""


class AlreadyRunning(NotNow):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is running: wait until it ends, or cancel it.").format(name=name)
        )


class NotRunning(NotNow):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("“{name}” is not running, so there is nothing to cancel.").format(name=name)
        )


class AlreadyRead(NotNow):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The rows of “{name}” have been read already, so how the file is read stays;"
                " upload it again to read it otherwise."
            ).format(name=name)
        )


class Purged(NotNow):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("The addresses of “{name}” were removed; upload the file again.").format(name=name)
        )


class Discarded(EligibilityError):
    """The test was deleted while its job ran or waited."""

    def __init__(self, id: object) -> None:
        super().__init__(f"Eligibility test {id} was deleted, so its job ends; nothing is missing.")
