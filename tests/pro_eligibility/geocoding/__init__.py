"""The client of the geocoder against a stand-in that fails as it is told."""
