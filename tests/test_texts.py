"""What is said to people is said in French too, all of it."""

import ast
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from tests.airtable_sync.factories import PlannedChangeFactory
from tests.factories import UserFactory
from tests.pro_eligibility.factories import EligibilityTestFactory
from tests.tiles.factories import TilesetFactory

ROOT = Path(__file__).parent.parent
APPS = ["airtable_sync", "jobs", "networks", "pro_eligibility", "tiles"]
PAGES = {
    "/login/": "Connexion",
    "/eligibility-tests/": "Tests d’adresses",
    "/eligibility-tests/new/": "Nouveau test",
    "/map/": "Carte des tuiles",
    "/admin/jobs/job/": "Tâches",
    "/admin/airtable_sync/syncplan/": "Synchronisations avec Airtable",
    "/admin/airtable_sync/syncplan/1/change/": (
        "Plan 1\u00a0: FCU - Réseaux de chaleur vers Airtable"
    ),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%")
# A straight apostrophe, or a blank where a line must not end; “, %” is no percentage.
MISTYPED = re.compile(r"'|« |(?<!,) ([:;?!»]|%(?!\())")
Text = tuple[str, ...]  # with its plural, if it has one


@pytest.fixture(params=APPS)
def app(request):
    return request.param


@pytest.fixture
def administrator(db, settings):
    """Who may see every page, and has something on each."""
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": "patMadeUp", "base": "appMadeUp01234567"}
    PlannedChangeFactory(plan__pk=1, plan__counts={"change": 1})
    TilesetFactory(source="communes")
    return EligibilityTestFactory(user=UserFactory(staff=True, is_superuser=True)).user


def test_a_catalogue_has_the_texts_of_its_app_and_no_others(app):
    assert set(catalogue(app)) == texts_of(ROOT / app)


def test_every_text_is_translated(app):
    assert [text for text, french in catalogue(app).items() if not all(french)] == []


def test_a_translation_has_the_placeholders_of_its_text(app):
    for text, french in catalogue(app).items():
        assert placeholders(french) == placeholders(text)


def test_french_is_typed_as_french_is(app):
    said = [text for texts in catalogue(app).values() for text in texts]

    assert [text for text in said if MISTYPED.search(text)] == []


def test_no_other_app_says_a_text_otherwise(app):
    """For Django a text has one translation: that of the first app which has the text."""
    with translation.override("fr"):
        shown = {text: shown_for(*text) for text in catalogue(app)}

    assert shown == catalogue(app)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_french_from_end_to_end(client, administrator, address):
    if address != "/login/":
        client.force_login(administrator)

    page = client.get(address, headers={"Accept-Language": "fr"}).content.decode()

    assert '<html lang="fr"' in page
    assert re.findall(r"<h1.*?>(.*?)</h1>", page)[-1] == PAGES[address]
    every = {pair for app in APPS for pair in catalogue(app).items()}
    english = [text for (text, *_), french in every if " " in text and text not in french]
    assert [text for text in english if text in page] == []


def test_who_chooses_a_language_gets_it_whatever_the_browser_says(client, db):
    choice, french = {"language": "en", "next": "/login/"}, {"Accept-Language": "fr"}

    page = client.post("/language/setlang/", choice, headers=french, follow=True).content.decode()

    assert re.findall("<html.*?>|<h1>.*?</h1>", page) == ['<html lang="en">', "<h1>Log in</h1>"]


def test_tiles_are_the_same_in_every_language(client, administrator):
    tile = client.get("/tiles/communes/1/0/0.pbf", headers={"Accept-Language": "fr"})

    assert (tile.status_code, tile["Vary"]) == (200, "Accept-Encoding")
    assert "Content-Language" not in tile


def catalogue(app: str) -> dict[Text, Text]:
    """What is unsure counts as not translated."""
    path = ROOT / app / "locale/fr/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, abort_invalid=True) if entry.id]
    return {many(entry.id): ("",) if entry.fuzzy else many(entry.string) for entry in entries}


def many(text: Any) -> Text:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(texts: Text) -> list[list[str]]:
    return [sorted(PLACEHOLDER.findall(text)) for text in texts]


def shown_for(text: str, *plural: str) -> Text:
    if plural:
        return tuple(translation.ngettext(text, *plural, number) for number in (1, 2))
    return (translation.gettext(text),)


def texts_of(app: Path) -> set[Text]:
    templates = [path for path in app.rglob("*") if path.suffix in (".html", ".txt")]
    in_python = {text for path in app.rglob("*.py") for text in of_python(path.read_text())}
    return in_python | {text for path in templates for text in of_template(path.read_text())}


def of_python(source: str) -> set[Text]:
    """Not by babel, which overlooks what stands inside an f-string."""
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if getattr(node, "module", "") == translation.__name__]
    functions = {name.asname or name.name for node in imports for name in node.names}
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    said = [call.args for call in calls if getattr(call.func, "id", "") in functions]
    return {strings(getattr(value, "value", None) for value in values) for values in said} - {()}


def of_template(source: str) -> set[Text]:
    # Without its indentation, which Python would stumble over.
    code = "\n".join(line.strip() for line in templatize(source).splitlines()).encode()
    found = extract_python(io.BytesIO(code), ["_", "gettext", "ngettext"], [], {})
    return {strings(many(said)) for _line, _name, said, _comments in found}


def strings(values: Iterable[Any]) -> Text:
    return tuple(value for value in values if isinstance(value, str))
