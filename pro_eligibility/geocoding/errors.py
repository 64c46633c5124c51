"""What can go wrong with the geocoder. Each message says what was found and what to do."""


class GeocoderError(Exception):
    """Base of everything that ends a call to the geocoder."""


class GeocoderUnavailable(GeocoderError):
    """It was asked again and again, and gave no whole answer."""

    def __init__(self, url: str, rows: int, attempts: int, seconds: float, reason: str) -> None:
        super().__init__(
            f"{url} gave no whole answer about {counted(rows, 'row')} in "
            f"{counted(attempts, 'attempt')} and {seconds:.0f} s; the last time {reason}. "
            "Retry the job later, or raise GEOCODER_PATIENCE_SECONDS."
        )


class GeocoderMisconfigured(GeocoderError):
    """What is at GEOCODER_URL will not answer, however often it is asked."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"{url}: {reason}. Set GEOCODER_URL to the address of a geocoder, such as "
            "https://data.geopf.fr/geocodage."
        )


class GeocoderRefused(GeocoderError):
    """It refuses the request as a whole, or too many of its rows."""

    def __init__(self, url: str, rows: int, what: str, message: str) -> None:
        super().__init__(
            f"{url} was asked about {counted(rows, 'row')} and refuses {what}, "
            f"saying “{message}”. "
            "Look at the rows and at GEOCODER_URL, then retry the job."
        )


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
