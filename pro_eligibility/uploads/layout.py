"""How a file is read: detected, shown to its owner, corrected by them."""

from typing import Literal

from pydantic import BaseModel, Field


class Layout(BaseModel):
    """Where the rows of a file are, and what their columns mean. Columns and lines count from 0."""

    format: Literal["text", "workbook"] = "text"
    # Of a text. A `mixed` one is UTF-8 with bytes of windows-1252 in it.
    encoding: str = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] | None = None  # None: one column
    # Of a workbook (XLSX, ODS).
    sheet: str = ""
    # The line with the names of the columns, blank lines not counted; None: there is none.
    # Lines above it are titles and are left out.
    header_line: int | None = Field(default=0, ge=0)

    mode: Literal["address", "coordinates"] = "address"
    # Joined by blanks, in this order, into one address.
    address_columns: list[int] = []
    # In degrees or metres as `crs` says; y is the latitude or northing.
    x_column: int | None = Field(default=None, ge=0)
    y_column: int | None = Field(default=None, ge=0)
    # One column that holds both instead, such as "48.85, 2.35".
    xy_column: int | None = Field(default=None, ge=0)
    xy_order: Literal["yx", "xy"] = "yx"
    crs: Literal["EPSG:4326", "EPSG:2154"] = "EPSG:4326"
