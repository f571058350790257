"""Addresses and names of Canada.ca that the page furniture links to, in both languages.

Data only: the official names are not ours to translate, so they are not in the catalogue.
Must not import models or templates.

Source: Canada.ca global header and footer; GC Design System ``gcds-footer`` 1.3.1.
"""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """One address of the government in both languages."""

    text_en: str
    url_en: str
    text_fr: str
    url_fr: str

    def localized(self, language: str) -> dict[str, str]:
        if language == "fr":
            return {"text": self.text_fr, "url": self.url_fr}
        return {"text": self.text_en, "url": self.url_en}


_EN = "https://www.canada.ca/en/"
_FR = "https://www.canada.ca/fr/"


def _link(text_en: str, path_en: str, text_fr: str, path_fr: str) -> Link:
    return Link(text_en, f"{_EN}{path_en}.html", text_fr, f"{_FR}{path_fr}.html")


HOME = Link("Canada.ca", "https://www.canada.ca/en.html", "Canada.ca", "https://www.canada.ca/fr.html")

GOVERNMENT = (
    _link("All contacts", "contact", "Toutes les coordonnées", "contact"),
    _link("Departments and agencies", "government/dept", "Ministères et organismes", "gouvernement/min"),
    _link("About government", "government/system", "À propos du gouvernement", "gouvernement/systeme"),
)

THEMES = (
    _link("Jobs", "services/jobs", "Emplois", "services/emplois"),
    _link(
        "Immigration and citizenship",
        "services/immigration-citizenship",
        "Immigration et citoyenneté",
        "services/immigration-citoyennete",
    ),
    Link("Travel and tourism", "https://travel.gc.ca/", "Voyage et tourisme", "https://voyage.gc.ca/"),
    _link("Business", "services/business", "Entreprises", "services/entreprises"),
    _link("Benefits", "services/benefits", "Prestations", "services/prestations"),
    _link("Health", "services/health", "Santé", "services/sante"),
    _link("Taxes", "services/taxes", "Impôts", "services/impots"),
    _link(
        "Environment and natural resources",
        "services/environment",
        "Environnement et ressources naturelles",
        "services/environnement",
    ),
    _link(
        "National security and defence",
        "services/defence",
        "Sécurité nationale et défense",
        "services/defense",
    ),
    _link("Culture, history and sport", "services/culture", "Culture, histoire et sport", "services/culture"),
    _link(
        "Policing, justice and emergencies",
        "services/policing",
        "Services de police, justice et urgences",
        "services/police",
    ),
    _link(
        "Transport and infrastructure",
        "services/transport",
        "Transport et infrastructure",
        "services/transport",
    ),
    Link(
        "Canada and the world",
        "https://international.gc.ca/world-monde/index.aspx?lang=eng",
        "Le Canada et le monde",
        "https://www.international.gc.ca/world-monde/index.aspx?lang=fra",
    ),
    _link("Money and finances", "services/finance", "Argent et finances", "services/finance"),
    _link("Science and innovation", "services/science", "Science et innovation", "services/science"),
    _link("Indigenous Peoples", "services/indigenous-peoples", "Autochtones", "services/autochtones"),
    _link("Veterans and military", "services/veterans", "Vétérans et militaires", "services/veterans"),
    _link("Youth", "services/youth", "Jeunesse", "services/jeunesse"),
    _link(
        "Manage life events",
        "services/life-events",
        "Gérer les événements de la vie",
        "services/evenements-vie",
    ),
)

CORPORATE = (
    _link("Social media", "social", "Médias sociaux", "sociaux"),
    _link("Mobile applications", "mobile", "Applications mobiles", "mobile"),
    _link("About Canada.ca", "government/about", "À propos de Canada.ca", "gouvernement/a-propos"),
    _link("Terms and conditions", "transparency/terms", "Avis", "transparence/avis"),
    _link("Privacy", "transparency/privacy", "Confidentialité", "transparence/confidentialite"),
)

WORK_PERMIT = Link(
    "work permit",
    f"{_EN}immigration-refugees-citizenship/services/work-canada/permit.html",
    "permis de travail",
    f"{_FR}immigration-refugies-citoyennete/services/travailler-canada/permis.html",
)

BANDS = {
    "government": GOVERNMENT,
    "themes": THEMES,
    "corporate": CORPORATE,
    "home": (HOME,),
    "work_permit": (WORK_PERMIT,),
}
