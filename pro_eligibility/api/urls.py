from django.urls import include, path
from rest_framework.routers import SimpleRouter

from pro_eligibility.api.export_views import export_view
from pro_eligibility.api.point_views import PointsView
from pro_eligibility.api.row_views import CountsView, RowsView, RowView
from pro_eligibility.api.views import TestViewSet

router = SimpleRouter()
router.register("eligibility-tests", TestViewSet, basename="eligibility-test-api")

NAMES = {
    "export.csv": "eligibility-test-csv",
    "export.xlsx": "eligibility-test-xlsx",
    "export.geojson": "eligibility-test-geojson",
    "summary.csv": "eligibility-test-summary-csv",
    "summary.xlsx": "eligibility-test-summary",
}
of_one_test = [
    path("rows/", RowsView.as_view(), name="eligibility-test-rows"),
    path("rows/<int:number>/", RowView.as_view(), name="eligibility-test-row"),
    path("counts/", CountsView.as_view(), name="eligibility-test-counts"),
    path("points/", PointsView.as_view(), name="eligibility-test-points"),
    *(path(file, export_view(file), name=name) for file, name in NAMES.items()),
]

urlpatterns = [
    path("api/eligibility-tests/<uuid:pk>/", include(of_one_test)),
    path("api/", include(router.urls)),
]
