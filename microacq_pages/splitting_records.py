"""Reading and writing what the watch over contract splitting keeps.

Owns: the profile of an opportunity, what is found about it, writing a justification and deciding it. Rules are in
``splitting.py``. Imports no view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.log_actions import log
from wagtail.models import Page

from . import approvals, pairs
from .formats import known_language
from .models import (
    Opportunity,
    OpportunityProfile,
    Project,
    PublicStatus,
    SplittingJustification,
    SplittingLink,
)
from .splitting import (
    AUTHORS_TURN,
    SIMILAR,
    Found,
    Ground,
    Match,
    Standing,
    grounds_of,
    is_counted,
    shared,
    still_holds,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

DECIDE = "microacq_pages.decide_splittingjustification"
VIEW = "microacq_pages.view_splittingjustification"
#: Fields whose text is compared, and names that have a translation.
COMPARED, NAMED = ("title", "work"), ("team", "branch")


@dataclass
class Assessment:
    """Where one opportunity stands.

    Attributes:
        profile: The opportunity.
        found: Everything that is known, the supplier among it.
        justification: The newest.
        judged: What has to be justified of what was found.
        standing: By that and the justification.
    """

    profile: OpportunityProfile
    found: Found
    justification: SplittingJustification | None = None
    judged: Found = field(init=False)
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.judged = self.found.before_award()
        self.standing = standing_of(self.judged, self.justification)

    def seen_by(self, user: Any) -> Found:
        """What this person may see: who was awarded what is linked for those who watch over all opportunities."""
        return self.found if user is not None and user.has_perm(VIEW) else self.judged

    @property
    def title(self) -> str:
        return title_of(self.profile)

    @property
    def number(self) -> str:
        return getattr(self.profile, "number", None) or ""

    @property
    def posted(self) -> bool:
        return getattr(self.profile, "posted_at", None) is not None


def standing_of(found: Found, justification: SplittingJustification | None) -> Standing:
    """Where an opportunity stands, from what is found now and the newest justification."""
    if not found.needs_justification:
        return Standing.CLEAR
    if justification is None:
        return Standing.NEEDED
    if not still_holds(found, justification.found):
        return Standing.VOID
    return {
        SplittingJustification.Decision.WAITING: Standing.WAITING,
        SplittingJustification.Decision.ACCEPTED: Standing.ACCEPTED,
        SplittingJustification.Decision.REFUSED: Standing.REFUSED,
    }[SplittingJustification.Decision(justification.decision)]


def title_of(profile: OpportunityProfile, language: str | None = None) -> str:
    """In the reader's language, else in the other."""
    english, french = profile.title_en, profile.title_fr
    return (french or english) if known_language(language or get_language()) == "fr" else (english or french)


# --- the profile -----------------------------------------------------------------------------------


def profile_of(page: Page, draft: Opportunity | None = None) -> OpportunityProfile:
    """The opportunity as last saved, both languages together; not stored.

    Args:
        page: Either language.
        draft: The source as last saved, when it is at hand.
    """
    with pairs.reading():
        source = draft or pairs.source_of(page)
        draft = draft or pairs.latest(source)
        translation = pairs.translation_of(source)
        strings = pairs.translated_strings(translation) if translation else []
    words: dict[str, list[str]] = defaultdict(list)
    for path, _source, translated in strings:
        name = path.partition(".")[0]
        if translated and name in (*COMPARED, *NAMED):
            words[name].append(translated)
    ours = source.locale.language_code
    other = pairs.LANGUAGES[1 - pairs.LANGUAGES.index(ours)]
    texts = {
        ours: _plain(draft.title, draft.work),
        other: _plain(*words["title"], *words["work"]) if words["work"] else "",
    }
    titles = {ours: draft.title, other: " ".join(words["title"])}
    project = Project.objects.filter(pk=draft.project_id).values_list("translation_key", flat=True).first()
    return OpportunityProfile(
        translation_key=source.translation_key,
        page_id=source.pk,
        title_en=titles["en"][:255],
        title_fr=titles["fr"][:255],
        team=draft.team,
        branch=draft.branch,
        price=draft.price,
        grounds=grounds_of(
            {
                Ground.TEAM: [draft.team, " ".join(words["team"])],
                Ground.BRANCH: [draft.branch, " ".join(words["branch"])],
                Ground.PROJECT: [str(project)] if project else [],
                Ground.CONTACT: [draft.contact_email, draft.contact_name],
                Ground.REPOSITORY: [draft.repository],
            }
        ),
        text_en=texts["en"],
        text_fr=texts["fr"],
        saved_at=source.latest_revision_created_at or timezone.now(),
    )


def _plain(*texts: str) -> str:
    return " ".join(" ".join(strip_tags(text.replace("<", " <")) for text in texts).split())


@transaction.atomic
def refresh(page: Page, *, saved: bool = False) -> OpportunityProfile:
    """Store the profile of an opportunity and its links, after anything that it is made of was saved.

    Args:
        page: Either language.
        saved: Whether it reads as it was saved last, so that a source need not be read again.
    """
    profile = profile_of(page, page if saved and not pairs.is_target(page) else None)
    OpportunityProfile.objects.filter(page_id=profile.page_id).exclude(pk=profile.pk).delete()
    # A statement that names a unique column locks the row against links to it, changed or not: two similar
    # opportunities that are saved at once would each wait for the other.
    is_of_page = OpportunityProfile.objects.filter(pk=profile.pk, page_id=profile.page_id).exists()
    OpportunityProfile.objects.bulk_create(
        [profile],
        update_conflicts=True,
        unique_fields=["translation_key"],
        update_fields=[
            field.name
            for field in OpportunityProfile._meta.concrete_fields
            if not (field.primary_key or (is_of_page and field.unique))
        ],
    )
    SplittingLink.objects.filter(Q(one=profile) | Q(other=profile)).delete()
    links = [
        SplittingLink(one_id=profile.pk, other_id=key, ground=Ground.TEXT, similarity=similarity)
        for key, similarity in similar_to(profile).items()
    ]
    known = (
        set(OpportunityProfile.objects.values_list("pk", flat=True)) if (said := evidence(page)) else set()
    )
    links += [
        SplittingLink(one_id=profile.pk, other_id=key, ground=ground)
        for key, ground in said
        if key in known and key != profile.pk
    ]
    SplittingLink.objects.bulk_create(links)
    return profile


def evidence(page: Page) -> set[tuple[UUID, Ground]]:
    """What later stages know that this opportunity shares with others."""
    return {
        (piece.translation_key, piece.ground)
        for answer in hooks.get_hooks("microacq_splitting_evidence")
        for piece in answer(page)
    }


def similar_to(profile: OpportunityProfile) -> dict[UUID, float]:
    """Other opportunities whose text in either language is similar, and how similar (``SIMILAR`` to 1)."""
    # The operator that the index serves compares with this setting; the database's own is lower.
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {SIMILAR}")
    alike, degrees = Q(), []
    for name in ("text_en", "text_fr"):
        if text := getattr(profile, name):
            alike |= Q(**{f"{name}__trigram_similar": text})
            degrees.append(TrigramSimilarity(name, text))
    if not degrees:
        return {}
    similarity = Greatest(*degrees) if len(degrees) > 1 else degrees[0]
    others = OpportunityProfile.objects.exclude(pk=profile.pk).filter(alike)
    found = others.annotate(similarity=similarity).values_list("pk", "similarity")
    return {key: degree for key, degree in found if degree >= SIMILAR}


def refresh_missing() -> int:
    """Make the profiles that do not exist, or are older than their page; returns how many."""
    known = OpportunityProfile.objects.filter(saved_at__gte=F("page__latest_revision_created_at"))
    keys = Opportunity.objects.exclude(latest_revision=None).exclude(
        translation_key__in=known.values("translation_key")
    )
    made = set()
    for page in keys:
        if page.translation_key not in made:
            refresh(page)
            made.add(page.translation_key)
    return len(made)


# --- what is found ---------------------------------------------------------------------------------


def assess(page: Page, draft: Opportunity | None = None) -> Assessment:
    """What is found about an opportunity as last saved, and where it stands.

    Args:
        page: Either language.
        draft: The source as last saved, when it is at hand.
    """
    key = ("splitting", page.translation_key, get_language())
    return pairs.made_once(key, lambda: _assess(page, draft))


@transaction.atomic
def _assess(page: Page, draft: Opportunity | None) -> Assessment:
    profile = profile_of(page, draft)
    status = PublicStatus.objects.filter(translation_key=profile.pk).first()
    profile.number, profile.public_state, profile.posted_at, profile.awarded_value = (  # type: ignore[attr-defined]
        (status.number, status.state, status.posted_at, status.awarded_value)
        if status
        else (None, None, None, None)
    )
    similar = similar_to(profile)
    told = defaultdict(set)
    for key, ground in evidence(page):
        told[key].add(ground)
    others = (
        OpportunityProfile.objects.with_status()
        .exclude(pk=profile.pk)
        .filter(Q(grounds__overlap=profile.grounds) | Q(pk__in=[*similar, *told]))
        .defer("text_en", "text_fr")
    )
    linked = {key: {*told[key], *([Ground.TEXT] if key in similar else [])} for key in {*similar, *told}}
    found = _found(profile, others, linked, similar, timezone.now())
    newest = SplittingJustification.objects.filter(translation_key=profile.pk).select_related(
        "written_by", "decided_by"
    )
    return Assessment(profile, found, newest.first())


def assess_all(*, posted: bool = True) -> dict[UUID, Assessment]:
    """Every opportunity, in a number of queries that does not depend on how many there are.

    Args:
        posted: Whether those that are posted are assessed as well; each is held against all others.
    """
    now = timezone.now()
    profiles = list(OpportunityProfile.objects.with_status().defer("text_en", "text_fr"))
    by_ground: dict[str, list[OpportunityProfile]] = defaultdict(list)
    for profile in profiles:
        for entry in profile.grounds:
            by_ground[entry].append(profile)
    by_key = {profile.pk: profile for profile in profiles}
    kinds = {ground.value: frozenset({ground}) for ground in Ground}
    links: dict[UUID, dict[UUID, frozenset[Ground]]] = defaultdict(dict)
    degrees: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    linked = SplittingLink.objects.all()
    if not posted:
        drafts = [profile.pk for profile in profiles if getattr(profile, "posted_at", None) is None]
        linked = linked.filter(Q(one__in=drafts) | Q(other__in=drafts))
    for one, other, ground, similarity in linked.values_list("one_id", "other_id", "ground", "similarity"):
        for ours, theirs in ((one, other), (other, one)):
            known = links[ours].get(theirs)
            links[ours][theirs] = kinds[ground] if known is None else known | kinds[ground]
            if similarity is not None:
                degrees[ours][theirs] = similarity
    newest: dict[UUID, SplittingJustification] = {}
    for justification in (
        SplittingJustification.objects.order_by("translation_key", "-pk")
        .distinct("translation_key")
        .select_related("written_by", "decided_by")
    ):
        newest[justification.translation_key] = justification
    assessments = {}
    for profile in profiles:
        if getattr(profile, "posted_at", None) is not None and not posted:
            continue
        near = {other.page_id: other for entry in profile.grounds for other in by_ground[entry]}
        near.update({by_key[key].page_id: by_key[key] for key in links[profile.pk]})
        near.pop(profile.page_id, None)
        found = _found(profile, near.values(), links[profile.pk], degrees[profile.pk], now)
        assessments[profile.pk] = Assessment(profile, found, newest.get(profile.pk))
    return assessments


def _found(
    profile: Any,
    others: Iterable[Any],
    linked: Mapping[UUID, Collection[Ground]],
    similar: dict[UUID, float],
    now: datetime,
) -> Found:
    reference = profile.posted_at or now
    posted, own = profile.posted_at is not None, frozenset(profile.grounds)
    language = get_language()
    matches = [
        Match(
            key=other.pk,
            page_id=other.page_id,
            title=title_of(other, language),
            grounds=shared(own, other.grounds, *linked.get(other.pk, ())),
            amount=other.price if other.awarded_value is None else other.awarded_value,
            number=other.number or "",
            posted_at=other.posted_at,
            saved_at=other.saved_at,
            cancelled=other.public_state == PublicStatus.State.CANCELLED,
            similarity=similar.get(other.pk),
            team=other.team,
            branch=other.branch,
        )
        for other in others
        if is_counted(other.posted_at, other.saved_at, reference, posted=posted)
    ]
    matches.sort(key=lambda match: (match.posted_at is not None, -_moment(match)))
    return Found(_amount(profile), tuple(matches))


def _amount(profile: Any) -> Decimal:
    if profile.public_state == PublicStatus.State.CANCELLED:
        return Decimal(0)
    if profile.awarded_value is not None:
        return Decimal(profile.awarded_value)
    return Decimal(profile.price or 0)


def _moment(match: Match) -> float:
    return (match.posted_at or match.saved_at).timestamp()


# --- justification and decision ----------------------------------------------------------------------


class SplittingRefused(Exception):
    """Nothing was written or decided; the message says why."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def may_justify(page: Page, user: Any) -> bool:
    """Whether this person writes the justification: those who may edit the text in its own language."""
    source = pairs.source_of(page)
    return bool(source.permissions_for_user(user).can_edit())


def may_see(page: Page, user: Any) -> bool:
    """Whether this person may see what is found about an opportunity."""
    return bool(user.has_perm(VIEW) or user.has_perm(DECIDE) or may_justify(page, user))


def reason_against_deciding(page: Page, assessment: Assessment, user: Any) -> Any:
    """Why this person may not decide the justification now; empty when they may."""
    from . import splitting_words as words

    justification = assessment.justification
    if not user.has_perm(DECIDE):
        return words.NOT_YOURS_TO_DECIDE
    if justification is None or assessment.standing != Standing.WAITING:
        return words.NOTHING_TO_DECIDE
    if user.pk == justification.written_by_id or user.pk in approvals.authors_of(page):
        return words.YOUR_OWN
    return ""


@transaction.atomic
def justify(page: Page, user: AbstractBaseUser, text: str, digest: str) -> SplittingJustification:
    """Write why an opportunity is no part of a larger need.

    Args:
        page: Either language.
        user: The author.
        text: In either language.
        digest: Of what the author was shown.

    Raises:
        SplittingRefused: when it is not theirs to write, nothing needs it, something else is found by now, or one
            waits or was accepted.
    """
    from . import splitting_words as words

    source = pairs.source_of(page)
    Page.objects.select_for_update().get(pk=source.pk)
    if not may_justify(source, user):
        raise SplittingRefused(words.NOT_YOURS_TO_WRITE)
    assessment = assess(source)
    if not assessment.judged.needs_justification:
        raise SplittingRefused(words.NOTHING_TO_JUSTIFY)
    if assessment.judged.digest != digest:
        raise SplittingRefused(words.FOUND_CHANGED)
    if assessment.standing not in AUTHORS_TURN:
        raise SplittingRefused(words.ALREADY_JUSTIFIED)
    justification = SplittingJustification.objects.create(
        translation_key=source.translation_key,
        title=assessment.title,
        text=text.strip(),
        found=assessment.judged.snapshot(),
        digest=digest,
        sum_with_tax=assessment.judged.total_with_tax,
        written_by_id=user.pk,
    )
    log(source, "microacq.splitting_justified", user=user, data=_data(justification))
    return justification


@transaction.atomic
def decide(
    page: Page, user: AbstractBaseUser, *, accept: bool, reason: str, justification: int
) -> SplittingJustification:
    """Accept or refuse the justification that waits, with a reason.

    Args:
        page: Either language.
        user: Who decides; neither wrote the justification nor the opportunity (DESIGN rule 8).
        accept: Whether it is accepted.
        reason: Why (DESIGN rule 7).
        justification: Primary key of the one that was read.

    Raises:
        SplittingRefused: when it is not theirs to decide, no reason is given, or it is no longer the one that waits.
    """
    from . import splitting_words as words

    source = pairs.source_of(page)
    Page.objects.select_for_update().get(pk=source.pk)
    assessment = assess(source)
    waiting = assessment.justification
    if refusal := reason_against_deciding(source, assessment, user):
        _keep_refusal(source, user, refusal)
        raise SplittingRefused(refusal)
    if waiting is None or waiting.pk != justification:
        raise SplittingRefused(words.NOTHING_TO_DECIDE)
    if not reason.strip():
        raise SplittingRefused(words.REASON_MISSING)
    decisions = SplittingJustification.Decision
    waiting.decision = decisions.ACCEPTED if accept else decisions.REFUSED
    waiting.reason, waiting.decided_by_id, waiting.decided_at = reason.strip(), user.pk, timezone.now()
    waiting.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    log(
        source,
        "microacq.splitting_accepted" if accept else "microacq.splitting_refused",
        user=user,
        data={**_data(waiting), "reason": waiting.reason},
    )
    return waiting


def _data(justification: SplittingJustification) -> dict[str, Any]:
    return {
        "justification": justification.pk,
        "digest": justification.digest,
        "sum": str(justification.sum_with_tax),
        "others": len(justification.found["matches"]),
    }


def _keep_refusal(page: Page, user: Any, sentence: Any) -> None:
    for keep in hooks.get_hooks("microacq_refused"):
        keep(page, "approval.refused", user, {"reasons": str(sentence)})
