"""`python -m standins.geocoder`: the stand-in as a process, whose first line is its address."""

from argparse import ArgumentParser
from pathlib import Path

from standins.geocoder.server import REQUESTS_PER_SECOND, GeocoderStandin
from standins.process import stopping


def main() -> None:
    parser = ArgumentParser(prog="python -m standins.geocoder", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--addresses", type=Path, required=True, help="documents of addok")
    parser.add_argument("--rows-per-second", type=float, help="default: as fast as it can")
    parser.add_argument(
        "--requests-per-second",
        type=float,
        default=REQUESTS_PER_SECOND,
        help="of one client, before status 429 (%(default)s; 0: any)",
    )
    parser.add_argument("--bare", action="store_true", help="answer as addok itself does")
    parser.add_argument("--until-eof", action="store_true", help="end when the input ends")
    options = parser.parse_args()
    stop = stopping(until_eof=options.until_eof)
    with GeocoderStandin(
        options.addresses,
        port=options.port,
        rows_per_second=options.rows_per_second,
        requests_per_second=options.requests_per_second or None,
        bare=options.bare,
    ) as standin:
        print(standin.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
