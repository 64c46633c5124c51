from django.urls import path

from airtable_sync.api import SyncGeometriesView, SyncMetadataView

urlpatterns = [
    path("api/airtable/sync-geometries/", SyncGeometriesView.as_view(), name="airtable-geometries"),
    path("api/airtable/sync-metadata/", SyncMetadataView.as_view(), name="airtable-metadata"),
]
