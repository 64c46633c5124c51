"""The key is the one of the settings, whatever the home folder of the process has."""

from collections.abc import Callable
from pathlib import Path

import pytest

from airtable_sync.client import Airtable
from standins.airtable import AirtableStandin

pytestmark = pytest.mark.django_db


def test_a_password_in_netrc_does_not_take_the_place_of_the_key(
    standin: AirtableStandin,
    airtable_of: Callable[..., Airtable],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tmp_path.joinpath("netrc").write_text("default login somebody password something\n")
    # As for an address that is not of this machine, where the environment is asked.
    monkeypatch.setattr("airtable_sync.client.airtable.may_need_a_proxy", lambda url: True)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    assert airtable_of(standin).whoami()["id"]
