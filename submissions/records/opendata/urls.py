"""Addresses of the data: the same in both languages, because both are in every answer."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "opendata"

urlpatterns = [
    path("open-data/opportunities.json", views.list_opportunities, name="opportunities"),
    path("open-data/opportunities/<str:number>.json", views.one_opportunity, name="opportunity"),
    path("open-data/ocds/releases.json", views.list_releases, name="releases"),
    path("open-data/ocds/releases/<str:name>.json", views.one_release, name="release"),
    path("open-data/ocds/releases.jsonl", views.all_releases, name="all_releases"),
    path("open-data/ocds/records.json", views.list_records, name="records"),
    path("open-data/ocds/records/<str:ocid>.json", views.one_record, name="record"),
]
