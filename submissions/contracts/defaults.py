"""What the delivery form says on a new site, in both languages, until editors make it their own."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from microacq_pages.site_setup import Bilingual

from .pages import AcceptanceStatement, DeliveryFormPage

INTRODUCTION = {
    "en": (
        "You deliver in the open repository that the opportunity names, and tell us here where to find it and how it "
        "meets each work acceptance criterion."
    ),
    "fr": (
        "Vous livrez dans le dépôt ouvert que nomme l’opportunité, puis vous nous dites ici où trouver votre code et "
        "comment il répond à chaque critère d’acceptation des travaux."
    ),
}
CHECKS = {
    "en": (
        "Attach the results of your automated tests, security checks and accessibility checks as JUnit XML, SARIF or "
        "axe JSON, or link to them. Where a check does not apply to the work, say why."
    ),
    "fr": (
        "Joignez les résultats de vos tests automatisés et de vos vérifications de sécurité et d’accessibilité en "
        "format JUnit XML, SARIF ou axe JSON, ou donnez un lien. Si une vérification ne s’applique pas aux travaux, "
        "dites pourquoi."
    ),
}
STATEMENTS = {
    "licence-file": {
        "en": "The repository has a licence file with the licence that the opportunity names.",
        "fr": "Le dépôt contient un fichier de licence avec la licence que nomme l’opportunité.",
    },
    "requirements": {
        "en": "The work does everything that the opportunity describes.",
        "fr": "Les travaux font tout ce que décrit l’opportunité.",
    },
    "tests": {
        "en": "The automated tests pass, and can be run by anybody from what the repository says.",
        "fr": "Les tests automatisés réussissent, et n’importe qui peut les exécuter d’après ce que dit le dépôt.",
    },
    "documentation": {
        "en": "The documentation says how to install, use and change the code.",
        "fr": "La documentation explique comment installer, utiliser et modifier le code.",
    },
    "no-secrets": {
        "en": "The repository holds no secret, no personal information and no code that I have no right to publish.",
        "fr": (
            "Le dépôt ne contient aucun secret, aucun renseignement personnel ni aucun code que je n’ai pas le droit "
            "de publier."
        ),
    },
}


def form_page() -> Bilingual:
    """The pair of delivery forms as ``setup_site`` first makes it."""
    keys = {name: uuid5(NAMESPACE_URL, f"microacq:acceptance:{name}") for name in STATEMENTS}
    return Bilingual(
        DeliveryFormPage,
        en={
            "title": "Deliver the work",
            "slug": "deliver",
            "introduction": f"<p>{INTRODUCTION['en']}</p>",
            "checks": f"<p>{CHECKS['en']}</p>",
            "statements": [
                AcceptanceStatement(statement=text["en"], translation_key=keys[name], sort_order=order)
                for order, (name, text) in enumerate(STATEMENTS.items())
            ],
        },
        fr={
            "title": "Livrer les travaux",
            "slug": "livrer",
            "introduction": INTRODUCTION["fr"],
            "checks": CHECKS["fr"],
            **{f"statements.{keys[name]}.statement": text["fr"] for name, text in STATEMENTS.items()},
        },
    )
