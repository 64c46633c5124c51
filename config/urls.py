from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from jobs.api.views import UnknownPath

admin.autodiscover()

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/", include("jobs.api.urls")),
    path("", include("tiles.urls")),
    path("", include("airtable_sync.urls")),
    path("", include("pro_eligibility.api.urls")),
    path("", include("pro_eligibility.pages.urls")),
    path("", RedirectView.as_view(pattern_name="map")),
    # Only with a final slash, so that an address that lacks it is still redirected.
    re_path(r"^api/(?:.*/)?$", UnknownPath.as_view()),
]
