"""How much is measured: enough to see by default, or everything."""

from typing import NamedTuple


class Size(NamedTuple):
    rounds: int
    paced: int  # jobs of a round of latency
    rows: int  # of the lists
    everybody: bool  # whether peers take part where no target needs them


SHORT = Size(rounds=3, paced=200, rows=500_000, everybody=False)
FULL = Size(rounds=5, paced=500, rows=5_000_000, everybody=True)
