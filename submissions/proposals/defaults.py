"""What the form page says on a new site, in both languages, until editors make it their own.

Owns: a checklist and terms with which an opportunity can be posted at once. Imports nothing but the page’s models.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from microacq_pages.site_setup import Bilingual
from submissions.proposals.pages import ChecklistStatement, ProposalFormPage

INTRODUCTION = {
    "en": "Answer each criterion of the opportunity, confirm the checklist and send, all on one page.",
    "fr": "Répondez à chaque critère, confirmez la liste de vérification et envoyez, le tout sur une seule page.",
}

CHECKLIST = {
    "read": {
        "en": "I have read the whole opportunity, including the criteria that the work must meet.",
        "fr": "J’ai lu l’opportunité en entier, y compris les critères auxquels les travaux doivent répondre.",
    },
    "in-the-open": {
        "en": "I can do the work remotely and in public, in the repository that the opportunity names.",
        "fr": "Je peux faire les travaux à distance et en public, dans le dépôt que nomme l’opportunité.",
    },
    "licence": {
        "en": "I have the right to publish the code that I will deliver under the licence that the opportunity names.",
        "fr": "J’ai le droit de publier le code que je livrerai sous la licence que nomme l’opportunité.",
    },
    "true": {
        "en": "My answers are my own and they are true.",
        "fr": "Mes réponses sont les miennes et elles sont vraies.",
    },
}

TERMS = {
    "en": (
        "If I am selected, I do the work for the fixed price and by the delivery date of the opportunity. I "
        "keep the copyright in my code and grant the open-source licence that the opportunity names. I am paid "
        "when the code meets every work acceptance criterion. If I do not deliver, the department may end the "
        "contract without paying. If the department ends it for reasons of its own, it pays for the part of the "
        "work that is done."
    ),
    "fr": (
        "Si ma demande est retenue, je fais les travaux pour le prix fixe et au plus tard à la date de "
        "livraison de l’opportunité. Je conserve le droit d’auteur sur mon code et j’accorde la licence ouverte "
        "que nomme l’opportunité. On me paie lorsque le code répond à tous les critères d’acceptation des "
        "travaux. Si je ne livre pas, le ministère peut mettre fin au contrat sans payer. S’il y met fin pour "
        "des raisons qui lui sont propres, il paie la partie des travaux qui est faite."
    ),
}


def form_page() -> Bilingual:
    """The pair of form pages as ``setup_site`` first makes it."""
    keys = {name: uuid5(NAMESPACE_URL, f"microacq:checklist:{name}") for name in CHECKLIST}
    return Bilingual(
        ProposalFormPage,
        en={
            "title": "Apply",
            "slug": "apply",
            "show_in_menus": True,
            "introduction": f"<p>{INTRODUCTION['en']}</p>",
            "terms": f"<p>{TERMS['en']}</p>",
            "checklist": [
                ChecklistStatement(statement=text["en"], translation_key=keys[name], sort_order=order)
                for order, (name, text) in enumerate(CHECKLIST.items())
            ],
        },
        fr={
            "title": "Présenter une demande",
            "slug": "presenter-une-demande",
            "introduction": INTRODUCTION["fr"],
            "terms": TERMS["fr"],
            **{f"checklist.{keys[name]}.statement": text["fr"] for name, text in CHECKLIST.items()},
        },
    )
