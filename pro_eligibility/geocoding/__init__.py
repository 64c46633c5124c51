"""Where addresses are and which are near a place, as a geocoder says over HTTP."""
