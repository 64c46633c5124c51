"""A stand-in of the public geocoder, over HTTP, with the ways in which it can fail.

As the documented service it takes CSV and GET searches; filter columns it does not take.
"""

from standins.geocoder.faults import Fault
from standins.geocoder.server import GeocoderStandin

__all__ = ["Fault", "GeocoderStandin"]
