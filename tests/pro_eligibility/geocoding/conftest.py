"""A stand-in, a client of it whose time is given, and what the client told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from pro_eligibility.geocoding.client import Geocoder
from standins.geocoder import GeocoderStandin
from tests.pro_eligibility.geocoding.clock import FakeClock
from tests.standins.addresses import index


@pytest.fixture
def standin() -> Iterator[GeocoderStandin]:
    with GeocoderStandin(index(), requests_per_second=None) as standin:
        yield standin


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def geocoder_at(clock: FakeClock, told: list[str]) -> Callable[..., Geocoder]:
    """A client of any address, with other options than these if they are given."""

    def geocoder_at(url: str, **options: Any) -> Geocoder:
        usual: dict[str, Any] = {
            "requests_per_second": 1_000,
            "timeout": timedelta(seconds=5),
            "patience": timedelta(seconds=300),
            "told": told.append,
            "clock": clock,
        }
        return Geocoder(url, **usual | options)

    return geocoder_at


@pytest.fixture
def geocoder(standin: GeocoderStandin, geocoder_at: Callable[..., Geocoder]) -> Geocoder:
    return geocoder_at(standin.url)
