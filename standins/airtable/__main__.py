"""`python -m standins.airtable`: the stand-in as a process, whose first line is its address."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from standins.airtable.server import PENALTY, REQUESTS_PER_SECOND, AirtableStandin
from standins.process import stopping


def main() -> None:
    options = parser().parse_args()
    stop = stopping(until_eof=options.until_eof)
    with AirtableStandin(
        json.loads(options.schema.read_text(encoding="utf-8")),
        port=options.port,
        requests_per_second=options.requests_per_second or None,
        penalty=options.penalty,
        retry_after=options.retry_after,
    ) as standin:
        if options.records:
            fill(standin, json.loads(options.records.read_text(encoding="utf-8")))
        print(standin.url, flush=True)
        stop.wait()


def parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m standins.airtable", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--schema", type=Path, required=True, help="JSON: [{name, fields}, …]")
    parser.add_argument("--records", type=Path, help="JSON: {table: [{column: value}, …]}")
    parser.add_argument(
        "--requests-per-second",
        type=int,
        default=REQUESTS_PER_SECOND,
        help="of the base, before status 429 (%(default)s; 0: any)",
    )
    parser.add_argument(
        "--penalty",
        type=float,
        default=PENALTY,
        help="seconds for which then all is refused (%(default)s)",
    )
    parser.add_argument("--retry-after", action="store_true", help="tell it in a header")
    parser.add_argument("--until-eof", action="store_true", help="end when the input ends")
    return parser


def fill(standin: AirtableStandin, records: dict[str, list[dict[str, Any]]]) -> None:
    for name, rows in records.items():
        for row in rows:
            standin.table(name).add(row)


if __name__ == "__main__":
    main()
