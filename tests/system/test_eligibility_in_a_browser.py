"""A professional's way from the file to the results, with a real browser and a real worker."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from pro_eligibility.models import EligibilityTest
from standins.geocoder.index import Index
from standins.geocoder.server import GeocoderStandin
from tests.chaos.worker import Worker
from tests.factories import UserFactory
from tests.pro_eligibility.conftest import DATA
from tests.system.browser import complaints, elsewhere, page, picture
from tests.tiles.conftest import Build

__all__ = ["complaints", "elsewhere", "page"]

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 120
POINTS = """() => window.tileMap?.getLayer("points")
    && tileMap.queryRenderedFeatures({layers: ["points"]}).length"""
POLICY = "default-src 'self'; img-src 'self' data:"


@pytest.fixture(scope="module")
def addresses():
    return Index.read(DATA / "ban-sample.ndjson")


@pytest.fixture
def geocoder(addresses, settings):
    """Slow enough that there is progress to see."""
    with GeocoderStandin(addresses, rows_per_second=15, requests_per_second=None) as standin:
        settings.GEOCODER = settings.GEOCODER | {"url": standin.url, "patience": timedelta(0)}
        yield standin


@pytest.fixture
def worker(geocoder, tmp_path):
    options = {"GEOCODER_URL": geocoder.url, "GEOCODER_ROWS_PER_REQUEST": 10}
    worker = Worker(tmp_path / "worker.log", **options)
    yield worker
    worker.end()


@pytest.fixture
def networks():
    for file, kind, source in [
        ("communes-idf.geojson", "communes", "communes"),
        ("heat-networks-idf.geojson", "heat-networks", "reseaux-de-chaleur"),
    ]:
        call_command("load_networks", DATA / file, kind=kind, verbosity=0)
        Build()(source)


@pytest.fixture
def signed_in(page: Page, live_server, complaints, elsewhere) -> Page:
    """Alice, under a strict policy."""

    def strictly(route):
        if route.request.url.endswith("/new/"):  # an intercepted upload would lose its file
            return route.continue_()
        got = route.fetch(max_redirects=0)
        strict = got.headers | {"content-security-policy": POLICY}
        return route.fulfill(response=got, headers=strict)

    UserFactory(username="alice", password="swordfish")
    page.route("**/eligibility-tests/**", strictly)
    page.goto(f"{live_server.url}/eligibility-tests/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("swordfish")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    return page


def gas_file(folder: Path) -> Path:
    """Addresses near the networks first; a nonsense row and a repeated one at the end."""
    with (DATA / "addresses-gaz.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows.sort(key=lambda row: row["commune"] != "VILLIERS LE BEL")
    lines = [f"{row['address']};{row['commune']};{row['id']}" for row in rows[: ROWS - 2]]
    file = folder / "copropriétés.csv"
    text = "\r\n".join(["Adresse;Commune;Référence", *lines, "qwertz;uiop;0", lines[0]])
    file.write_bytes(text.encode("cp1252"))
    return file


def uploaded(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="New test").click()
    page.get_by_label("File").set_input_files(gas_file(folder))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()


def finished(page: Page) -> None:
    expect(page.get_by_role("heading", name="Files")).to_be_visible(timeout=60_000)
    page.wait_for_function(POINTS, timeout=60_000)


def test_from_the_upload_to_the_results(
    signed_in, geocoder, networks, worker, tmp_path, complaints, elsewhere
):
    page = signed_in
    uploaded(page, tmp_path)
    expect(page.get_by_role("cell", name="5 RUE MICHELET VILLIERS LE BEL")).to_be_visible()
    picture(page, "eligibility-layout")

    page.get_by_role("button", name="Try five rows").click()
    expect(page.get_by_role("heading", name="Rows that were tried")).to_be_visible()
    picture(page, "eligibility-tried")

    page.get_by_role("button", name="Start the test").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("the end is expected on")).to_be_visible(timeout=30_000)
    picture(page, "eligibility-progress")

    finished(page)
    figures = page.locator("[data-outcome]").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.dataset.outcome, +one.textContent]))"
    )
    assert sum(figures.values()) == ROWS
    assert (figures["not_found"], figures["duplicate"]) == (1, 1)
    page.set_viewport_size({"width": 1000, "height": 1200})
    page.evaluate("scrollTo(0, 0)")
    picture(page, "eligibility-results")

    rows = {name: len(read(page, tmp_path)) for name, read in EXPORTS.items()}
    assert rows == dict.fromkeys(EXPORTS, ROWS)

    page.get_by_role("link", name="Row 1: history").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    picture(page, "eligibility-row")
    assert (complaints, elsewhere) == ([], [])


def test_points_are_drawn_above_the_networks_and_can_be_read_by_keyboard(
    signed_in, geocoder, networks, worker, tmp_path, live_server
):
    page = signed_in
    uploaded(page, tmp_path)
    page.get_by_role("button", name="Start the test").click()
    finished(page)

    page.evaluate("""() => {
        const [point] = tileMap.queryRenderedFeatures({layers: ["points"]});
        tileMap.jumpTo({center: point.geometry.coordinates, zoom: 15});
    }""")
    page.wait_for_function("() => tileMap.loaded()")
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".maplibregl-popup")).to_contain_text("Row")
    page.keyboard.press("Escape")
    expect(page.locator(".maplibregl-popup")).to_have_count(0)


def test_a_mapping_is_corrected_by_keyboard_alone_and_in_french(
    signed_in, geocoder, networks, tmp_path
):
    page = signed_in
    page.get_by_role("button", name="Français").press("Enter")
    page.get_by_role("link", name="Nouveau test").press("Enter")
    page.locator("input[type=file]").set_input_files(gas_file(tmp_path))
    page.get_by_role("button", name="Déposer").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    picture(page, "eligibility-layout-fr")

    test = EligibilityTest.objects.get()
    assert test.layout.encoding == "windows-1252"
    assert test.layout.address_columns == [0, 1]


def download(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as saved:
        page.get_by_role("link", name=link).click()
    path = folder / saved.value.suggested_filename
    saved.value.save_as(path)
    return path


def csv_rows(page: Page, folder: Path) -> list[dict[str, str]]:
    with download(page, "Text (CSV)", folder).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sheet_rows(page: Page, folder: Path) -> list[list[object]]:
    return first_sheet(download(page, "Workbook (XLSX)", folder))


def summary_rows(page: Page, folder: Path) -> list[list[object]]:
    return first_sheet(download(page, "Summary (XLSX)", folder))


def first_sheet(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]


def features(page: Page, folder: Path) -> list[dict[str, object]]:
    content = json.loads(download(page, "Map (GeoJSON)", folder).read_text(encoding="utf-8"))
    return list(content["features"])


EXPORTS = {"csv": csv_rows, "xlsx": sheet_rows, "geojson": features, "summary": summary_rows}
