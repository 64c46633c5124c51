"""How much is measured: enough to see by default, or everything."""

from typing import NamedTuple


class Size(NamedTuple):
    rounds: int
    paced: int  # jobs of a round of latency
    steady: float  # seconds of steady load
    everything: bool  # also what no target asks for


SHORT = Size(rounds=3, paced=100, steady=10, everything=False)
FULL = Size(rounds=5, paced=500, steady=60, everything=True)
