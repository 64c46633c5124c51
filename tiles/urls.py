from django.urls import path

from tiles.api import BuildView
from tiles.map import show_map
from tiles.views import TileJSONView, TileView

urlpatterns = [
    path("map/", show_map, name="map"),
    path("tiles/<str:source>.json", TileJSONView.as_view(), name="tilejson"),
    path("tiles/<str:source>/<str:z>/<str:x>/<str:y>.pbf", TileView.as_view(), name="tile"),
    path("api/tiles/<str:source>/build/", BuildView.as_view(), name="tiles-build"),
]
