"""The state table: who may do what when, what it records, whom it tells, and that nothing else publishes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry
from wagtail_localize.models import Translation

from microacq_pages import pairs, roles
from microacq_pages.blockers import PublicationBlocked
from microacq_pages.models import ContentPage
from submissions.audit.models import AuditEntry
from submissions.notices.models import OutgoingMessage
from submissions.questions import publication, services, states
from submissions.questions.enums import Rejection, State
from submissions.questions.models import PublishedAnswer, Question, QuestionText
from submissions.questions.services import TransitionRefused
from submissions.solicitations.models import Solicitation
from tests.factories import pages, people, proposals, questions

pytestmark = pytest.mark.django_db


def values_for(name: str, question: Question) -> dict[str, Any]:
    """What each transition needs."""
    if name == "merge":
        kept = questions.ask(question.solicitation, "Another?")
        return {"kept": kept}
    if name == "faq":
        page = pages.make_content_page(slug=f"faq-{question.pk}")
        return {"page": page, "text": "General?", "answer": "Yes."}
    return {
        "accept": {"text": "Clean?", "written_in": "en"},
        "answer": {"answer": "Yes."},
        "translate": {},
        "publish": {},
        "correct": {"answer": "No.", "reason": "It was wrong."},
        "reject": {"rejection": Rejection.OFF_TOPIC},
    }[name]


def test_the_client_answers_questions_about_their_own_opportunity_only(
    posted: Solicitation, author: Any
) -> None:
    question = questions.accept(questions.ask(posted))
    stranger = people.make_user(roles.CLIENT, "another-client")

    with pytest.raises(PermissionDenied):
        questions.answer(question, stranger)
    questions.answer(question, author, "Yes.")

    assert question.text.answer == "Yes."


def test_who_wrote_the_answer_does_not_publish_it(posted: Solicitation, it_strategy: Any) -> None:
    question = questions.accept(questions.ask(posted))
    questions.answer(question, it_strategy)
    questions.send_to_translation(question)
    questions.translate(question)

    with pytest.raises(TransitionRefused, match="another person must publish it"):
        questions.publish(question, it_strategy)
    assert not PublishedAnswer.objects.exists()
    questions.publish(question, people.make_user(roles.IT_STRATEGY, "second"))

    assert question.state == State.PUBLISHED


def test_also_a_superuser_who_once_wrote_the_answer_does_not_publish_it(posted: Solicitation) -> None:
    question = questions.accept(questions.ask(posted))
    first = people.make_user(None, "first")
    questions.answer(question, first, "No.")
    questions.answer(question, people.make_user(None, "second"), "Yes.")
    questions.send_to_translation(question)
    questions.translate(question)

    with pytest.raises(TransitionRefused):
        questions.publish(question, first)


@pytest.mark.parametrize("source", ["en", "fr"])
@pytest.mark.parametrize("fault", ["missing", "outdated", "stopped", "blank", "changed"])
def test_an_incomplete_translation_is_not_published(
    posted: Solicitation, it_strategy: Any, source: str, fault: str
) -> None:
    question = questions.ask(posted, language=source)
    questions.bring_to(question, State.TRANSLATING)
    questions.translate(question, leave=1 if fault == "missing" else 0)
    digest = publication.readiness(question).digest
    if fault == "outdated":
        QuestionText.objects.filter(pk=question.text.pk).update(answer="Something else.")
    elif fault == "stopped":
        Translation.objects.filter(source__object_id=question.text.translation_key).update(enabled=False)
    elif fault == "blank":
        pairs.translation_of(question.text).source.stringsegment_set.first()
        from wagtail_localize.models import StringTranslation

        StringTranslation.objects.filter(data__contains=questions.ANSWER).update(data="  ")
    elif fault == "changed":
        digest = "0" * 64

    with pytest.raises(TransitionRefused):
        services.transition(question, "publish", user=it_strategy, digest=digest)
    assert not PublishedAnswer.objects.exists()


def test_a_french_question_is_the_source_of_its_english_version(posted: Solicitation) -> None:
    questions.make_published(posted, "Quels navigateurs ?", language="fr")

    public = PublishedAnswer.objects.get()
    assert public.question_fr == "Quels navigateurs ?"
    assert public.question_en == "[en] Quels navigateurs ?"


def test_only_what_changed_is_translated_again_after_a_correction(
    posted: Solicitation, it_strategy: Any
) -> None:
    question = questions.make_published(posted)
    services.transition(
        question, "correct", user=it_strategy, answer="No, after all.", reason="The client erred."
    )

    assert question.published.count() == 1
    questions.send_to_translation(question)
    missing = pairs.missing_strings(pairs.translation_of(question.text))
    assert missing == ["answer"]
    with pytest.raises(TransitionRefused):
        questions.publish(question, people.make_user(roles.IT_STRATEGY, "second"))

    questions.translate(question)
    with pytest.raises(TransitionRefused, match="another person"):
        questions.publish(question, it_strategy)
    questions.publish(question, people.get_user_model().objects.get(username="second"))

    assert [one.version for one in question.published.order_by("version")] == [1, 2]
    assert question.published.last().answer_en == "No, after all."


@pytest.mark.parametrize("name", ["merge", "reject", "faq"])
def test_what_was_published_stays_public_while_it_is_corrected(
    posted: Solicitation, it_strategy: Any, name: str
) -> None:
    question = questions.make_published(posted)
    values = values_for(name, question)
    services.transition(question, "correct", user=it_strategy, answer="No.", reason="Wrong.")

    with pytest.raises(TransitionRefused, match="stays public"):
        services.transition(question, name, user=it_strategy, **values)


# --- merging -----------------------------------------------------------------------------------


def test_a_chain_of_duplicates_ends_in_the_question_that_is_kept(
    posted: Solicitation, it_strategy: Any
) -> None:
    first, second, third = (questions.ask(posted, f"Question {n}?") for n in range(3))

    services.transition(third, "merge", user=it_strategy, kept=second)
    services.transition(second, "merge", user=it_strategy, kept=first)

    third.refresh_from_db()
    assert {second.merged_into, third.merged_into} == {first}


def test_no_question_is_merged_into_itself_a_stranger_or_one_that_is_gone(
    posted: Solicitation, it_strategy: Any
) -> None:
    question, gone = questions.ask(posted), questions.ask(posted, "Gone?")
    services.transition(gone, "reject", user=it_strategy, rejection=Rejection.OFF_TOPIC)

    for kept in (question, gone, questions.ask(proposals.make_file())):
        with pytest.raises(TransitionRefused):
            services.transition(question, "merge", user=it_strategy, kept=kept)
    assert question.state == State.RECEIVED


# --- the frequently asked questions --------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_general_question_joins_the_draft_of_a_page(
    posted: Solicitation, it_strategy: Any, language: str
) -> None:
    page = pages.make_content_page(it_strategy, language, slug="faq", title="FAQ")
    pages.translate(page)
    pages.publish(page, people.make_user(None, "publisher"))
    question = questions.ask(posted, "How is tax paid?")

    services.transition(
        question,
        "faq",
        user=it_strategy,
        page=page,
        text="How is <b>tax</b> paid?",
        answer="By <script>card</script>.\n\nAlways.",
    )

    draft = pairs.latest(ContentPage.objects.get(pk=page.pk))
    (block,) = draft.body
    (entry,) = block.value["questions"]
    assert entry["question"] == "How is <b>tax</b> paid?"
    assert str(entry["answer"].source) == "<p>By &lt;script&gt;card&lt;/script&gt;.</p><p>Always.</p>"
    assert not ContentPage.objects.get(pk=page.pk).body
    assert question.faq_page_id == page.pk
    assert pairs.missing_strings(pairs.translation_of(page))
    assert not PublishedAnswer.objects.exists()


def test_a_second_general_question_joins_the_first(posted: Solicitation, it_strategy: Any) -> None:
    page = pages.make_content_page(it_strategy, slug="faq")
    for number in range(2):
        services.transition(
            questions.ask(posted, f"Question {number}?"),
            "faq",
            user=it_strategy,
            page=page,
            text=f"Question {number}?",
            answer="Yes.",
        )

    (block,) = pairs.latest(ContentPage.objects.get(pk=page.pk)).body
    assert [entry["question"] for entry in block.value["questions"]] == ["Question 0?", "Question 1?"]


def test_a_page_in_review_takes_no_question(posted: Solicitation, it_strategy: Any) -> None:
    page = pages.make_content_page(people.make_user(None, "owner"), slug="faq")
    page.locked = True
    page.save(update_fields=["locked"])

    with pytest.raises(TransitionRefused, match="locked or in a review"):
        services.transition(
            questions.ask(posted), "faq", user=it_strategy, page=page, text="General?", answer="Yes."
        )


# --- who is told -------------------------------------------------------------------------------


def kinds_sent() -> list[tuple[str, str]]:
    return list(OutgoingMessage.objects.order_by("pk").values_list("kind", "language"))


def test_asker_and_applicants_are_told_once_each_in_their_language(posted: Solicitation) -> None:
    asked = questions.ask(posted, "Le prix?", language="fr", address="asker@example.org")
    questions.ask(posted, "Again?", address="ASKER@example.org")
    OutgoingMessage.objects.all().delete()

    questions.bring_to(asked, State.PUBLISHED)

    assert kinds_sent() == [("question_published", "fr")]
    message = OutgoingMessage.objects.get()
    assert message.private
    assert "asker@" not in message.to_masked + message.idempotency_key


def test_a_rejected_question_tells_its_asker_why(posted: Solicitation, it_strategy: Any) -> None:
    from submissions.notices import crypto

    question = questions.ask(posted, language="fr", address="asker@example.org")

    services.transition(question, "reject", user=it_strategy, rejection=Rejection.ABUSIVE)

    message = OutgoingMessage.objects.get(kind="question_not_published")
    body = crypto.decrypt(message.payload).decode()
    assert question.reference in body
    assert questions.TEXT not in body


def test_the_asker_of_a_duplicate_is_told_the_answer_when_it_is_there(
    posted: Solicitation, it_strategy: Any
) -> None:
    kept = questions.make_published(posted)
    late = questions.ask(posted, "The same?", address="late@example.org")

    services.transition(late, "merge", user=it_strategy, kept=kept)

    assert OutgoingMessage.objects.filter(kind="question_published", language="en").count() == 1


def test_a_new_line_in_a_question_reaches_no_header(posted: Solicitation) -> None:
    from submissions.notices import crypto

    questions.make_published(
        posted, "Really?\nBcc: everyone@example.org\n\nSubject: spam", address="asker@example.org"
    )

    message = OutgoingMessage.objects.get(kind="question_published")
    headers = crypto.decrypt(message.payload).decode()
    assert '"subject": "A question about' in headers
    assert "Bcc" not in headers.split('"body"')[0]


# --- what is recorded, and forgotten ---------------------------------------------------------------


def test_the_record_holds_no_word_of_the_question_and_no_address(posted: Solicitation) -> None:
    questions.make_published(posted, "Zanzibar?", address="asker@example.org")

    recorded = " ".join(AuditEntry.objects.values_list("payload", flat=True))
    logged = " ".join(f"{entry.label} {entry.data}" for entry in ModelLogEntry.objects.all())
    for text in (recorded, logged):
        assert "Zanzibar" not in text
        assert "asker@" not in text
    acts = ModelLogEntry.objects.filter(action__startswith="question.").order_by("pk")
    assert [entry.action.partition(".")[2] for entry in acts] == [
        "received",
        "accepted",
        "answered",
        "translating",
        "published",
    ]


def test_what_could_tell_who_asked_is_erased_for_good(posted: Solicitation, it_strategy: Any) -> None:
    question = questions.make_published(posted, address="asker@example.org")

    assert services.purge(question, user=it_strategy)
    assert not services.purge(question, user=it_strategy)

    question.refresh_from_db()
    assert (question.original, question.contact) == ("", "")
    assert question.original_text() == question.address == ""
    assert question.published.exists()
    with pytest.raises(PermissionDenied):
        services.purge(question, user=people.make_user(roles.CFOB))


def test_a_question_that_nobody_read_is_not_erased(posted: Solicitation, it_strategy: Any) -> None:
    with pytest.raises(TransitionRefused):
        services.purge(questions.ask(posted), user=it_strategy)


# --- the database below ------------------------------------------------------------------------


def refused(sql: str, *values: Any) -> bool:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


def test_the_database_refuses_what_must_never_be(posted: Solicitation) -> None:
    question = questions.make_published(posted)
    waiting = questions.bring_to(questions.ask(posted, "Other?"), State.ACCEPTED)
    answers = "submissions_publishedanswer"
    columns = "(record_id, version, question_en, question_fr, answer_en, answer_fr, published_at)"

    assert refused(f"UPDATE {answers} SET answer_fr = 'x'")
    assert refused(f"DELETE FROM {answers}")
    assert refused(f"TRUNCATE {answers}")
    assert refused("DELETE FROM submissions_question WHERE id = %s", waiting.pk)
    assert refused("DELETE FROM submissions_questiontext")
    assert refused("UPDATE submissions_question SET state = 'published' WHERE id = %s", waiting.pk)
    assert refused("UPDATE submissions_question SET state = 'rejected' WHERE id = %s", question.pk)
    assert refused(
        "UPDATE submissions_question SET state = 'rejected', rejection = 'off_topic' WHERE id = %s",
        question.pk,
    )
    assert refused("UPDATE submissions_question SET original = 'other' WHERE id = %s", waiting.pk)
    assert refused("UPDATE submissions_question SET asked_at = now() - interval '1 day'")
    assert refused(f"INSERT INTO {answers} {columns} VALUES (%s, 1, 'a', 'b', 'c', 'd', now())", waiting.pk)
    questions.answer(waiting)
    questions.send_to_translation(waiting)
    for blank in ("'', 'b', 'c', 'd'", "'a', ' ', 'c', 'd'", "'a', 'b', 'c', E'\\n'", "'a', 'b', NULL, 'd'"):
        assert refused(f"INSERT INTO {answers} {columns} VALUES (%s, 1, {blank}, now())", waiting.pk), blank
    assert refused(
        f"INSERT INTO {answers} {columns} VALUES (%s, 1, 'a', 'b', 'c', 'd', now());"
        "UPDATE submissions_question SET state = 'faq' WHERE id = %s",
        waiting.pk,
        waiting.pk,
    )


def test_the_database_refuses_a_question_that_comes_too_late(file: Solicitation) -> None:
    from datetime import timedelta

    proposals.set_deadline(file, after=timedelta(days=1, hours=20))
    question = Question(
        solicitation=file, number=1, reference="Q-TEST-TEST", language="en", form_digest="0" * 64
    )

    with pytest.raises(IntegrityError, match="takes no questions"):
        question.save()


@pytest.mark.parametrize("model", [Question, QuestionText, PublishedAnswer])
def test_nothing_is_deleted_by_code(posted: Solicitation, model: Any) -> None:
    questions.make_published(posted)

    with pytest.raises(PublicationBlocked):
        model.objects.first().delete()
    with pytest.raises((PublicationBlocked, DatabaseError)), transaction.atomic():
        model.objects.all().delete()


def test_the_table_names_every_act_and_permission() -> None:
    from submissions.audit.actions import ACTS

    known = {act.name for act in ACTS}
    held: set[str] = set().union(*(role.models for role in roles.ROLES.values()))
    for rule in states.TRANSITIONS.values():
        assert rule.act in known
        assert rule.permission in held
    assert set(states.TRANSITIONS) == set(services.EFFECTS)
