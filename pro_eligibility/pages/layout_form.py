"""How a file is read, as a form. People count lines and columns from one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pro_eligibility.uploads.encodings import ENCODINGS, MIXED
from pro_eligibility.uploads.layout import Layout
from pro_eligibility.uploads.limits import MAX_ROWS

# Words, because a tab does not survive in a form.
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "none": None}
DELIMITER_LABELS = {
    "comma": _("comma ,"),
    "semicolon": _("semicolon ;"),
    "tab": _("tab"),
    "bar": _("bar |"),
    "none": _("none: one column"),
}
ENCODING_LABELS = {
    "utf-8": "UTF-8",
    "utf-8-sig": _("UTF-8 with a mark (BOM)"),
    MIXED: _("mixed: UTF-8 and windows-1252"),
}
# An address is joined from as many columns, or from as many as were detected.
PARTS = 5
COORDINATES = ["x_column", "y_column", "xy_column", "xy_order", "crs"]


class Column(forms.IntegerField):
    """One of the file's columns, from 0; which there are is known after the file was read."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, min_value=0, widget=forms.Select)


class LayoutForm(forms.Form):
    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[(name, ENCODING_LABELS.get(name, name)) for name in ENCODINGS]
    )
    delimiter = forms.ChoiceField(
        label=_("Between the columns"), choices=list(DELIMITER_LABELS.items())
    )
    sheet = forms.ChoiceField(label=_("Sheet"))
    header_line = forms.IntegerField(
        label=_("Line with the names of the columns"),
        required=False,
        min_value=1,
        max_value=MAX_ROWS,
        help_text=_("Blank lines are not counted. Leave it empty if there is none."),
    )
    mode = forms.ChoiceField(
        label=_("The rows hold"),
        choices=[("address", _("addresses")), ("coordinates", _("coordinates"))],
        widget=forms.RadioSelect,
    )
    x_column = Column(_("Longitude or X"))
    y_column = Column(_("Latitude or Y"))
    xy_column = Column(_("Or one column with both"))
    xy_order = forms.ChoiceField(
        label=_("Order of the two in that column"),
        choices=[("yx", _("latitude, longitude")), ("xy", _("longitude, latitude"))],
    )
    crs = forms.ChoiceField(
        label=_("Coordinate system"),
        choices=[
            ("EPSG:4326", _("degrees (WGS 84, as in GPS)")),
            ("EPSG:2154", _("metres (Lambert-93)")),
        ],
    )

    def __init__(self, saved: Layout, sheets: list[str], data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.format = saved.format
        for name in self.unused():
            del self.fields[name]
        if sheets:
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        self.parts = [f"address_{n + 1}" for n in range(max(PARTS, len(saved.address_columns)))]
        for number, name in enumerate(self.parts, 1):
            self.fields[name] = Column(_("Part {number}").format(number=number))

    def unused(self) -> list[str]:
        return ["sheet"] if self.format == "text" else ["encoding", "delimiter"]

    def layout(self) -> Layout:
        """Of a valid form. Columns that its mode does not use are left out."""
        given = self.cleaned_data
        chosen: dict[str, Any] = {"format": self.format, "mode": given["mode"]}
        if self.format == "workbook":
            chosen["sheet"] = given["sheet"]
        else:
            chosen["encoding"] = given["encoding"]
            chosen["delimiter"] = DELIMITERS[given["delimiter"]]
        line = given["header_line"]
        chosen["header_line"] = None if line is None else line - 1
        if given["mode"] == "address":
            parts = [given[name] for name in self.parts]
            chosen["address_columns"] = [part for part in parts if part is not None]
        else:
            chosen |= {name: given[name] for name in COORDINATES}
        return Layout.model_validate(chosen)

    def refuse(self, fields: dict[str, str]) -> None:
        """Say what LayoutRefused says, beside what it is about."""
        for name, why in fields.items():
            field = self.parts[0] if name == "address_columns" else name
            self.add_error(field if field in self.fields else None, why)

    def offer(self, columns: list[str]) -> None:
        """Let these be chosen from."""
        named = [(n, f"{n + 1}. {name}") for n, name in enumerate(columns)]
        for field in self.fields.values():
            if isinstance(field, Column):
                field.widget.choices = [("", "–"), *named]

    # For the template, in groups.

    @property
    def file_fields(self) -> list[forms.BoundField]:
        names = ["encoding", "delimiter", "sheet", "header_line"]
        return [self[name] for name in names if name in self.fields]

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.parts]

    @property
    def coordinate_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in COORDINATES]


def values_of(layout: Layout) -> dict[str, Any]:
    """What a form says of it."""
    values = layout.model_dump()
    delimiters = {sign: name for name, sign in DELIMITERS.items()}
    values["delimiter"] = delimiters[layout.delimiter]
    values["header_line"] = None if layout.header_line is None else layout.header_line + 1
    for number, column in enumerate(layout.address_columns, 1):
        values[f"address_{number}"] = column
    return values
