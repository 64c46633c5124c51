"""In which encoding a text is; all made up."""

import codecs

import pytest

from pro_eligibility.uploads.detection import detect
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.rows import parsed_rows
from tests.pro_eligibility.uploads.files import ADDRESSES, STREETS, detected, listed


def read(content):
    found = detect(content, "made-up.txt")
    return found, [row.cells[0] for row in parsed_rows(content, found.layout)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "mac_roman"]
)
def test_an_encoding_is_recognised(encoding):
    found, addresses = read(listed("adresse", *ADDRESSES, encoding=encoding))

    assert (found.layout.encoding, addresses) == (encoding, ADDRESSES)


def test_cp850_is_recognised():
    addresses = [address.replace("’", "'") for address in ADDRESSES]

    found, seen = read(listed("adresse", *addresses, encoding="cp850"))

    assert (found.layout.encoding, seen) == ("cp850", addresses)


def test_a_euro_sign_of_iso_8859_15_is_recognised():
    content = listed(
        "adresse;loyer", "3 rue de l'Église 95200 Sarcelles;700 €", encoding="iso-8859-15"
    )

    found, _ = read(content)

    assert found.layout.encoding == "iso-8859-15"


@pytest.mark.parametrize(
    ("mark", "encoding", "known_as"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_first_name(mark, encoding, known_as):
    found, addresses = read(mark + listed("adresse", *ADDRESSES, encoding=encoding))

    assert (found.layout.encoding, found.columns) == (known_as, ["adresse"])
    assert addresses == ADDRESSES


def test_bytes_of_windows_1252_in_a_text_of_utf_8_are_read_and_noted():
    content = listed("adresse", *STREETS) + listed(*STREETS, encoding="windows-1252")

    found, addresses = read(content)

    assert found.layout.encoding == "mixed"
    assert addresses == STREETS * 2
    assert found.notes == ["The file mixes two encodings, UTF-8 and windows-1252; both are read."]


def test_a_byte_that_no_encoding_knows_loses_no_row():
    content = listed("adresse", *ADDRESSES) + b"3 rue \x81 95200 Sarcelles\n"

    _, addresses = read(content)

    assert addresses == [*ADDRESSES, "3 rue � 95200 Sarcelles"]


def test_a_text_of_utf_16_that_was_cut_off_is_refused():
    with pytest.raises(UploadRefused) as refused:
        detect(listed(*ADDRESSES, encoding="utf-16")[:-1], "made-up.csv")

    assert refused.value.kind == "unreadable"
    assert str(refused.value) == (
        "The file cannot be read: its text (UTF-16) is cut off or damaged. "
        "Open it in the program it comes from, correct it and save it again."
    )


def test_a_zero_byte_inside_a_text_is_left_out():
    _, addresses = read(listed("adresse", "3 rue\0 Hoche 95200 Sarcelles"))

    assert addresses == ["3 rue Hoche 95200 Sarcelles"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(end):
    assert detected("adresse", *ADDRESSES, end=end).row_count == 3
