"""People on the mailing list, by skill, language and rhythm, in both languages; one whose mail came back."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from submissions.notices.following import subscribers
from submissions.notices.following.models import Subscriber
from submissions.notices.subscribing import services
from submissions.notices.subscribing.models import Announcement, ChosenSkill, Rhythm, Subscription

#: Name, language of correspondence (empty for both), rhythm, and which skills of the list, by their place in it.
PEOPLE: tuple[tuple[str, str, Rhythm, tuple[int, ...]], ...] = (
    ("amara.codes", "en", Rhythm.AT_ONCE, (0, 1)),
    ("benoit.logiciel", "fr", Rhythm.AT_ONCE, (0,)),
    ("chen.freelance", "en", Rhythm.DAILY, (1, 2)),
    ("dominique.bilingue", "", Rhythm.DAILY, ()),
    ("elise.etudiante", "fr", Rhythm.DAILY, (2,)),
    ("farid.studio", "en", Rhythm.AT_ONCE, ()),
    ("genevieve.web", "fr", Rhythm.AT_ONCE, (1, 3)),
    ("harper.moved", "en", Rhythm.DAILY, (0,)),
)
#: Whose mailbox is no longer there.
GONE = "harper.moved"


@transaction.atomic
def load() -> Iterator[str]:
    """Let each be on the list, as if they had confirmed by the link in their mail."""
    skills = list(services.skill_names("en"))
    newest = Announcement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for name, language, rhythm, chosen in PEOPLE:
        address = f"{name}@example.org"
        if Subscriber.objects.filter(address_digest=subscribers.digest_of_address(address)).exists():
            continue
        subscription = Subscription.objects.create(
            subscriber=subscribers.new_subscriber(address, language),
            rhythm=rhythm,
            language=language,
            confirm_digest=subscribers.digest_of_token(subscribers.new_token()),
            confirmed_at=timezone.now(),
            told=newest,
        )
        ChosenSkill.objects.bulk_create(
            ChosenSkill(subscription=subscription, translation_key=skills[place])
            for place in chosen
            if place < len(skills)
        )
        if name == GONE:
            subscribers.set_aside(subscription.subscriber, "5.1.1")
        yield f"on the mailing list {name} ({language or 'en, fr'})"
