"""Addresses of the staff’s pages of this stage."""

from __future__ import annotations

from django.urls import path

from . import aid_views, desk_views, judging_views, people_views, signing_views, views

app_name = "evaluation"

urlpatterns = [
    path("question/<int:pk>/", desk_views.AnswerForView.as_view(), name="answer-for"),
    path("translation/<int:pk>/", aid_views.TranslateView.as_view(), name="translate"),
    path("<int:file_pk>/", views.EvaluationView.as_view(), name="file"),
    path("<int:file_pk>/attest/", views.AttestView.as_view(), name="attest"),
    path("<int:file_pk>/conflict/", views.ConflictView.as_view(), name="conflict"),
    path("<int:file_pk>/hand-in/", views.HandInView.as_view(), name="hand-in"),
    path("<int:file_pk>/criterion/<int:position>/", judging_views.CriterionView.as_view(), name="criterion"),
    path(
        "<int:file_pk>/application/<int:label>/", judging_views.ApplicationView.as_view(), name="application"
    ),
    path(
        "<int:file_pk>/application/<int:label>/ask/<int:position>/",
        aid_views.AskSupplierView.as_view(),
        name="ask",
    ),
    path(
        "<int:file_pk>/application/<int:label>/recognized/",
        aid_views.RecognizeView.as_view(),
        name="recognize",
    ),
    path(
        "<int:file_pk>/application/<int:label>/translation/",
        aid_views.TranslationRequestView.as_view(),
        name="request-translation",
    ),
    path("<int:file_pk>/save/", judging_views.SaveView.as_view(), name="save"),
    path("<int:file_pk>/agree/", judging_views.AgreeView.as_view(), name="agree"),
    path("<int:file_pk>/agree/save/", judging_views.SaveAgreedView.as_view(), name="save-agreed"),
    path("<int:file_pk>/agreed/", judging_views.AgreedView.as_view(), name="agreed"),
    path("<int:file_pk>/evaluators/", people_views.AssignView.as_view(), name="assign"),
    path("<int:file_pk>/evaluators/<int:pk>/release/", people_views.ReleaseView.as_view(), name="release"),
    path("<int:file_pk>/names/", aid_views.NamesView.as_view(), name="names"),
    path("<int:file_pk>/names/<int:label>/", aid_views.HideView.as_view(), name="hide"),
    path("<int:file_pk>/verdicts/", signing_views.VerdictsView.as_view(), name="verdicts"),
    path("<int:file_pk>/verdicts/<int:label>/", signing_views.ReasonsView.as_view(), name="reasons"),
    path("<int:file_pk>/sign-off/", signing_views.SignOffView.as_view(), name="sign-off"),
    path("<int:file_pk>/send-back/", signing_views.SendBackView.as_view(), name="send-back"),
]
