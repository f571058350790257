"""The questions that are asked of questions, in the words of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from microacq_pages.blockers import Blocker, PublicationBlocked

from .enums import UNANSWERED

if TYPE_CHECKING:
    from typing import Self

    from .models import Question, QuestionText  # noqa: F401 (named in the base classes)


def refuse_deletion() -> NoReturn:
    """Refuse to delete what was asked or answered (DESIGN rule 5).

    Raises:
        PublicationBlocked: always; the admin shows the sentence.
    """
    raise PublicationBlocked(
        [Blocker("question-kept", _("Questions and answers are kept: none is deleted."))]
    )


class QuestionQuerySet(models.QuerySet["Question"]):
    def unanswered(self) -> Self:
        """Somebody still owes an answer, and none was ever published."""
        return self.filter(state__in=UNANSWERED, published__isnull=True)

    def for_listing(self) -> Self:
        """With the file, the question as it stands (``listed_text``) and whether it is public (``is_public``)."""
        from .models import PublishedAnswer, QuestionText

        texts = QuestionText.objects.filter(
            record=OuterRef("pk"), locale__language_code=OuterRef("written_in")
        )
        return self.select_related("solicitation", "merged_into").annotate(
            listed_text=Subquery(texts.values("question")[:1]),
            is_public=Exists(PublishedAnswer.objects.filter(record=OuterRef("pk"))),
        )

    def delete(self) -> NoReturn:
        refuse_deletion()


class QuestionTextQuerySet(models.QuerySet["QuestionText"]):
    def delete(self) -> NoReturn:
        refuse_deletion()
