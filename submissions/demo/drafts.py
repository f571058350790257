"""Applications that are begun and not sent, one in each language: their links are in the mail of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.datastructures import MultiValueDict

from submissions.proposals import drafting
from submissions.proposals.draft_models import Draft
from submissions.proposals.forms import ProposalForm
from submissions.proposals.pages import ProposalFormPage
from submissions.proposals.sealing import SupplierLink
from submissions.solicitations.models import Solicitation

#: Language, name, address, and the answer as far as it is written.
DRAFTS = (
    (
        "en",
        "Devon Clarke",
        "devon.begins@example.org",
        "In 2025 I wrote the tests of a small open-source project, in public. I still want to say how",
    ),
    (
        "fr",
        "Océane Gagnon",
        "oceane.commence@example.org",
        "En 2025, j’ai écrit les tests d’un petit projet à code source ouvert, en public. Il me reste à dire comment",
    ),
)


@transaction.atomic
def load() -> Iterator[str]:
    """Begin one application in each language and have its link mailed, where that was not done before."""
    file = Solicitation.objects.open().order_by("-deadline").first()
    if file is None:
        return
    known = {draft.address for draft in Draft.objects.without_text().exclude(contact="")}
    for language, name, address, answer in DRAFTS:
        if address not in known:
            _begin(file, language, name, address, answer)
            yield f"draft of {name} ({language}), whose link is in the mail"


def _begin(file: Solicitation, language: str, name: str, address: str, answer: str) -> None:
    posting, link = file.current_posting, SupplierLink.generate()
    form = ProposalForm(None, items=posting.items.all(), language=language)
    drafting.save(
        solicitation=file,
        link=link,
        typed=MultiValueDict({"name": [name], "email": [address], next(iter(form.named.answers)): [answer]}),
        posting=posting.digest,
        language=language,
        standing=drafting.Standing(),
    )
    page = ProposalFormPage.objects.get(locale__language_code=language)
    drafting.mail_link(
        link, address=address, language=language, link_address=page.full_address_of("link", link.token)
    )
