"""Files that cannot be loaded: one clear error, and nothing is written."""

import re
import zipfile

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import box

from networks.models import Commune
from tests.networks.files import DATA, commune, geojson, geopackage

pytestmark = pytest.mark.django_db

SHAPE = box(3.0, 46.5, 3.1, 46.6)


def refusal(file) -> str:
    """What the command says of the file, without its name; nothing may have been written."""
    with pytest.raises(CommandError) as refused:
        call_command("load_networks", file, kind="communes")
    assert not Commune.objects.exists()
    return str(refused.value).removeprefix(f"{file}: ")


def test_a_file_that_is_not_there(tmp_path):
    assert refusal(tmp_path / "nowhere.geojson") == "there is no such file."


def test_a_zip_without_the_shapes():
    assert refusal(DATA / "communes-broken-no-shp.zip") == (
        "it must contain one file of .geojson, .json, .gpkg, .fgb, .shp; found "
        "communes-idf-2154.cpg, communes-idf-2154.dbf, communes-idf-2154.prj."
    )


def test_a_zip_that_was_cut_off():
    assert refusal(DATA / "communes-truncated.zip") == (
        "it is not a readable zip (File is not a zip file)."
    )


def test_a_zip_with_two_files(tmp_path):
    file = tmp_path / "two.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")

    assert refusal(file) == (
        "it must contain one file of .geojson, .json, .gpkg, .fgb, .shp; "
        "found a.geojson, b.geojson."
    )


@pytest.mark.parametrize("part", [".shx", ".prj", ".dbf"])
def test_a_shapefile_that_lacks_a_part(tmp_path, part):
    file = tmp_path / "incomplete.zip"
    with (
        zipfile.ZipFile(DATA / "communes-idf-2154.zip") as whole,
        zipfile.ZipFile(file, "w") as left,
    ):
        for name in whole.namelist():
            if not name.endswith(part):
                left.writestr(name, whole.read(name))

    said = {
        ".shx": "it cannot be read: Unable to open .*communes-idf-2154.shx",
        ".prj": "it names no coordinate system; a shapefile needs its .prj.",
        ".dbf": "no column for insee; .* Found: none.",
    }
    assert re.match(said[part], refusal(file))


@pytest.mark.parametrize("name", ["communes-idf.geojson", "communes-idf.gpkg", "communes-idf.fgb"])
@pytest.mark.parametrize("kept", [0, 100, 500_000])
def test_a_file_that_was_cut_off(tmp_path, name, kept):
    file = tmp_path / name
    file.write_bytes((DATA / name).read_bytes()[:kept])

    assert re.match("it cannot be read: |it has 0 layers", refusal(file))


def test_a_file_that_turns_out_to_be_cut_off_when_half_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("networks.reading.ROWS_AT_ONCE", 100)
    file = tmp_path / "communes.fgb"
    file.write_bytes((DATA / "communes-idf.fgb").read_bytes()[:1_000_000])

    assert refusal(file).startswith("it cannot be read: ")


def test_a_table_without_geometries(tmp_path):
    file = tmp_path / "communes.csv"
    file.write_text("code,nom\n03001,Bourg\n")

    assert refusal(file) == "it is a table without geometries."


def test_a_file_with_several_layers(tmp_path):
    file = tmp_path / "layers.gpkg"
    geopackage(file, SHAPE, crs="EPSG:4326", layer="one")
    geopackage(file, SHAPE, crs="EPSG:4326", layer="two", append=True)

    assert refusal(file) == "it has 2 layers (one, two); give one."


def test_a_file_without_the_identifier(tmp_path):
    feature = commune()
    feature["properties"] = {"commune": "Bourg"}

    assert refusal(geojson(tmp_path, feature)) == (
        "no column for insee; it may be called code or insee or INSEE_COM. Found: commune."
    )


def test_a_file_without_rows(tmp_path):
    file = geopackage(tmp_path / "empty.gpkg", crs="EPSG:4326")

    assert refusal(file) == "it has no rows."


def test_a_file_whose_rows_are_all_left_out(tmp_path, capsys):
    assert refusal(geojson(tmp_path, commune(None), commune(code="x"))) == (
        "none of its 2 rows could be loaded as communes."
    )
    assert capsys.readouterr().err.splitlines() == [
        "row 1: no geometry, or one that cannot be decoded.",
        "row 2: insee: 'x' is not an INSEE code such as 75056 or 2A004.",
    ]


def test_an_unknown_kind():
    with pytest.raises(CommandError, match="choose from 'cold-networks', 'communes', "):
        call_command("load_networks", DATA / "communes-idf.geojson", kind="rivers")


def test_the_command_says_what_it_did(tmp_path, capsys):
    call_command("load_networks", geojson(tmp_path, commune(), commune(code="x")), kind="communes")

    said = capsys.readouterr()
    assert said.out == (
        "communes: 1 created, 0 updated, 0 unchanged, 1 rejected.\n"
        "If networks were loaded before, run compute_crossings: it places them in these communes.\n"
    )
    assert said.err == "row 2: insee: 'x' is not an INSEE code such as 75056 or 2A004.\n"
