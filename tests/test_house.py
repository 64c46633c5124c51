"""What holds for the whole tree, whoever adds to it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
PACKAGES = [
    "accounts",
    "airtable_sync",
    "config",
    "jobs",
    "networks",
    "pro_eligibility",
    "services",
    "standins",
    "tiles",
]
SOURCES = [
    path
    for package in [*PACKAGES, "tests"]
    for path in sorted(ROOT.joinpath(package).rglob("*.py"))
    if path.parent.name != "migrations"
]
PINNED = sorted(ROOT.glob("requirements/*.txt"))


def test_imports_point_one_way():
    # In a process of its own: it changes what this one logs.
    lint = [Path(sys.executable).parent / "lint-imports", "--no-cache"]

    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True)


def test_files_are_short():
    lengths = {path: len(path.read_text().splitlines()) for path in SOURCES}

    assert [(str(path), lines) for path, lines in lengths.items() if lines > 300] == []


def test_functions_are_short():
    too_long = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node.name)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    ]

    assert too_long == []


def test_there_are_files_to_look_at():
    assert {ROOT / "manage.py", ROOT / "Makefile", *SOURCES} <= set(our_texts())


def test_no_file_names_the_machine_it_was_written_on():
    assert [path for path in our_texts() if str(ROOT) in path.read_text(errors="replace")] == []


def test_no_file_names_where_packages_are_downloaded():
    address = re.compile(r"https?://[^\s\"')]*(?:pypi|pythonhosted|/simple\b|artifact)", re.I)

    assert [path for path in our_texts() if address.search(path.read_text(errors="replace"))] == []


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path):
    entries = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", path.read_text())).splitlines()
    pinned = re.compile(r"[\w.-]+==[\w.+!]+( *; [^-]*?)?( +--hash=sha256:[0-9a-f]{64})+\s*")

    assert len(entries) > 5
    assert [entry for entry in entries if not pinned.fullmatch(entry)] == []


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_explained(path):
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    asked = re.findall(r"(?m)^(\w[\w-]*)", path.with_suffix(".in").read_text())

    assert [name for name in asked if f"`{name}`" not in reasons] == []


def our_texts() -> list[Path]:
    """Files that are read by people, without those that tools make."""
    made = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()} | {".git"}
    known = {".py", ".md", ".txt", ".in", ".toml", ".html", ".css", ".js", ".mjs", ".yml", ""}
    texts = []
    for folder, folders, names in os.walk(ROOT):
        # Not entered: what is made there may be gone before it is looked at.
        folders[:] = set(folders) - made
        paths = (Path(folder, name) for name in set(names) - made)
        texts += [path for path in paths if path.suffix in known and path.is_file()]
    return texts
