"""The program that makes the tiles."""

import os

import pytest
from django.core.checks import Error

from jobs.worker.attempt import was_by_sigterm
from tests.tiles.conftest import POINTS
from tests.tiles.failures import script
from tiles.checks import tippecanoe_is_there
from tiles.errors import TippecanoeFailed, TippecanoeMissing
from tiles.ndjson import write_features
from tiles.network_sources import COMMUNES
from tiles.tippecanoe import executable, how_it_ended, packaged, run_tippecanoe


@pytest.fixture
def run(settings, tmp_path):
    """Run this line of shell in its place; return the percentages that were told."""

    def run(line: str) -> list[float]:
        settings.TIPPECANOE = script(tmp_path, line)
        told: list[float] = []
        run_tippecanoe(COMMUNES, tmp_path / "in.ndjson", tmp_path / "out.pmtiles", told.append)
        return told

    return run


def test_the_real_one_reports_its_progress(settings, tmp_path):
    settings.TIPPECANOE = ""
    features, archive, told = tmp_path / "in.ndjson", tmp_path / "out.pmtiles", []
    write_features(POINTS, features, lambda count: None)

    run_tippecanoe(POINTS, features, archive, told.append)

    assert told
    assert all(0 <= percentage <= 100 for percentage in told)


def test_its_reports_of_progress_are_told(run):
    assert run("""echo '{"progress":26.6}' >&2; echo '{"progress":97.9}' >&2""") == [26.6, 97.9]


def test_what_is_no_report_of_progress_is_not(run):
    assert run("""printf 'tile 5/1/1\\n\\n42\\n{"progress":null}\\n[]\\n' >&2""") == []


def test_its_first_and_last_lines_are_repeated_if_it_fails(run):
    with pytest.raises(TippecanoeFailed) as failed:
        run("for n in 1 2 3 4 5 6 7 8 9; do echo line $n >&2; done; exit 3")

    assert str(failed.value) == (
        "tippecanoe ended with exit code 3. It said: "
        "line 1 | line 2 | line 5 | line 6 | line 7 | line 8 | line 9"
    )


@pytest.mark.parametrize("way", ["kill -TERM $$", "exit 143"])
def test_that_a_sigterm_ended_it_is_told_to_the_worker(run, way):
    with pytest.raises(TippecanoeFailed) as failed:
        run(way)

    assert was_by_sigterm(failed.value)


def test_an_exit_code_is_explained():
    assert how_it_ended(110) == "ended with exit code 110: no valid geometry in its input"


def test_it_does_not_outlive_a_job_that_is_stopped(settings, tmp_path):
    pid = tmp_path / "pid"
    report = """echo '{"progress":1}' >&2"""
    settings.TIPPECANOE = script(tmp_path, f"echo $$ > {pid}; {report}; exec sleep 60")

    def stop(percentage: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_tippecanoe(COMMUNES, tmp_path / "in.ndjson", tmp_path / "out.pmtiles", stop)

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_the_one_in_the_package_is_found(settings):
    settings.TIPPECANOE = ""

    assert executable() == str(packaged())
    assert tippecanoe_is_there() == []


def test_the_one_of_the_settings_comes_first(settings, tmp_path):
    settings.TIPPECANOE = script(tmp_path, "exit 0")

    assert executable() == settings.TIPPECANOE


def test_a_missing_one_is_refused_with_what_to_do(settings):
    settings.TIPPECANOE = "/nowhere/tippecanoe"

    with pytest.raises(TippecanoeMissing) as refused:
        executable()

    assert str(refused.value) == (
        "tippecanoe was not found at /nowhere/tippecanoe; install the package tippecanoe, "
        "or set TIPPECANOE to the path of an executable."
    )


def test_check_names_a_missing_one(settings):
    settings.TIPPECANOE = "/nowhere/tippecanoe"

    (error,) = tippecanoe_is_there()

    assert isinstance(error, Error)
    assert error.id == "tiles.E001"
    assert error.hint == "Tiles cannot be built without it: pip install -r requirements/base.txt"
