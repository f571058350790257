"""Who may do what: every role, every kind of page and record, every act, in both language trees.

``PAGES`` and ``RECORDS`` are the whole matrix as data; what is not named is refused. Each cell is tried at the real
address of the admin, signed in as a person of the role, and undone. What has no address of its own is asked of the
permission tester that the admin's views ask. The tests are in three files, so that two processes share them:
``test_permission_matrix``, ``test_permission_matrix_in_french`` and ``test_permission_matrix_of_records``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry, TaskState, Workflow
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from microacq_pages import pairs, roles, splitting_records
from microacq_pages.exchange.units import units_of
from microacq_pages.intake.models import ClientRequest
from microacq_pages.intake.states import RequestState
from microacq_pages.models import (
    ContentPage,
    GlossaryTerm,
    GuidanceIndex,
    GuidancePage,
    HomePage,
    Opportunity,
    OpportunityIndex,
    ProjectIndex,
    Reassignment,
    SplittingJustification,
)
from submissions.awards import confirmations, debriefs, offers, outcome, terms, translations
from submissions.awards.enums import DeclineReason, OfferState, Result, Topic
from submissions.awards.models import DebriefAnswer, DebriefRequest, EmployeeConfirmation
from submissions.awards.translation_models import TranslatedReasons
from submissions.contracts import ending, judging, talking, timing
from submissions.contracts.enums import EndKind
from submissions.contracts.models import Contract
from submissions.contracts.pages import DeliveryFormPage
from submissions.contracts.payment import paying
from submissions.contracts.payment.models import Invoice, InvoiceReturn, Payment, Section34Approval, TaxRate
from submissions.contracts.work_models import Evidence, WorkAcceptance
from submissions.evaluation import asking, boards
from submissions.evaluation.aids import Clarification, WorkingTranslation
from submissions.evaluation.models import Assignment, Verdict
from submissions.notices import wording
from submissions.notices.enums import MessageState
from submissions.notices.models import NoticeText, OutgoingMessage
from submissions.proposals import custody, opening
from submissions.proposals.models import Proposal
from submissions.proposals.pages import ProposalFormPage
from submissions.questions import publication, states
from submissions.questions.models import Question
from submissions.questions.pages import QuestionsPage
from submissions.records.archive.access import packages
from submissions.records.archive.models import AccessPackage, ArchivedFile
from submissions.records.communications.models import Mention
from submissions.records.reuse.models import CatalogueEntry
from submissions.records.reuse.pages import CataloguePage
from submissions.reporting.indicators.pages import IndicatorsPage
from submissions.reporting.models import Observation
from submissions.selection.models import Draw, InputEntry
from submissions.solicitations.enums import State
from submissions.solicitations.models import Solicitation
from submissions.solicitations.services import database_clock, transition
from tests.factories import (
    awards,
    contracts,
    evaluations,
    pages,
    people,
    proposals,
    questions,
    requests,
    selections,
    splitting,
)

CLIENT, IT, CFOB, TRANSLATOR = roles.CLIENT, roles.IT_STRATEGY, roles.CFOB, roles.TRANSLATOR
EVALUATOR, FINANCE, AUDITOR = roles.EVALUATOR, roles.FINANCE, roles.AUDITOR
LEAD = roles.IT_LEAD
SUPERUSER, VISITOR = "superuser", "visitor"
ACTORS = (CLIENT, IT, CFOB, TRANSLATOR, EVALUATOR, FINANCE, AUDITOR, LEAD, SUPERUSER, VISITOR)
#: Who has not even a right to a kind of page: to pages, the auditor stands for them.
LIKE_AUDITORS = (EVALUATOR, FINANCE)
ON_PAGES = tuple(actor for actor in ACTORS if actor not in LIKE_AUDITORS)
#: Whose rights ask which language a page was written in.
OF_A_LANGUAGE = (CLIENT, IT, TRANSLATOR)
#: What is done to the source of a pair and to its translation, whichever of them is named.
TO_THE_PAIR = {"edit source", "edit translation", "submit"}

NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(ACTORS)
EDITORS = {IT, SUPERUSER}
TRANSLATORS = {TRANSLATOR, SUPERUSER}
#: Who has any page to work on can walk the tree; each level lists only what is theirs to see.
EXPLORERS = {CLIENT, CFOB} | EDITORS | TRANSLATORS
REQUEST_READERS = {IT, AUDITOR, SUPERUSER}
QUESTION_READERS = {IT, CFOB, AUDITOR, SUPERUSER}
#: Whose step a review is or will be, who may edit either language, and who names the persons for it.
REVIEWERS = {CFOB, TRANSLATOR, LEAD} | EDITORS
LEADERS = {LEAD, SUPERUSER}
FILE_READERS = {IT, CFOB, EVALUATOR, FINANCE, AUDITOR, SUPERUSER}

Allowed = dict[str, set[str] | frozenset[str]]

#: What nobody may do to a page that is public, posted or needed by the site.
KEPT: Allowed = {"publish": NOBODY, "unpublish": NOBODY, "delete": NOBODY, "move": NOBODY}

PAGES: dict[str, Allowed] = {
    "home": {
        **KEPT,
        "view": EVERYBODY,
        "view list": EXPLORERS,
        "add below": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "content page, draft": {
        **KEPT,
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "delete": EDITORS,
        "move": EDITORS,
        "copy": EDITORS,
        "lock": EDITORS,
    },
    "content page, public": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "unpublish": EDITORS,
        "copy": EDITORS,
        "lock": EDITORS,
    },
    "list of opportunities": {
        **KEPT,
        "view": EVERYBODY,
        "view list": EXPLORERS,
        "add below": {CLIENT} | EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "one’s own opportunity, draft": {
        **KEPT,
        "view draft": {CLIENT} | EDITORS,
        "edit source": {CLIENT} | EDITORS,
        "edit translation": TRANSLATORS,
        "submit": {CLIENT} | EDITORS,
        "review": {CLIENT, TRANSLATOR} | EDITORS,
        "delete": {CLIENT} | EDITORS,
        "move": {CLIENT} | EDITORS,
        "copy": {CLIENT} | EDITORS,
        "lock": EDITORS,
    },
    "another’s opportunity, draft": {
        **KEPT,
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "delete": EDITORS,
        "move": EDITORS,
        "copy": EDITORS,
        "lock": EDITORS,
    },
    "opportunity before IT Strategy": {
        **KEPT,
        "delete": EDITORS,
        "move": EDITORS,
        "view draft": EDITORS,
        "edit source": EDITORS,
        "review": REVIEWERS,
        "approve": EDITORS,
        "send back": EDITORS,
    },
    "opportunity before CFOB": {
        "view draft": {CFOB} | EDITORS,
        "edit source": {CFOB} | EDITORS,
        "review": REVIEWERS,
        "assign": LEADERS,
        "approve": {CFOB, SUPERUSER},
        "send back": {CFOB, SUPERUSER},
    },
    "opportunity before the translator": {
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "review": REVIEWERS,
        "approve": TRANSLATORS,
        "send back": TRANSLATORS,
    },
    "opportunity before publication": {
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "review": REVIEWERS,
        "approve": EDITORS,
        "send back": EDITORS,
    },
    "opportunity, posted": {
        **KEPT,
        "view": EVERYBODY,
        "copy": {CLIENT} | EDITORS,
    },
    "list of projects": {
        **KEPT,
        "view": EVERYBODY,
        "view list": EXPLORERS,
        "add below": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "project, draft": {
        **KEPT,
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "delete": EDITORS,
        "move": EDITORS,
        "copy": EDITORS,
        "lock": EDITORS,
    },
    "client’s guide": {
        **KEPT,
        "view": EVERYBODY - {VISITOR},
        "view list": EXPLORERS,
        "add below": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "guidance page": {
        **KEPT,
        "view": EVERYBODY - {VISITOR},
        "view draft": EDITORS,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "unpublish": EDITORS,
        "copy": EDITORS,
        "lock": EDITORS,
    },
    "form page": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
        "export submissions": NOBODY,
    },
    "delivery form": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
        "export submissions": NOBODY,
    },
    "page of questions": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "catalogue of bought code": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
    "page of figures": {
        **KEPT,
        "view": EVERYBODY,
        "edit source": EDITORS,
        "edit translation": TRANSLATORS,
        "submit": EDITORS,
        "copy": NOBODY,
        "lock": EDITORS,
    },
}

RECORDS: dict[str, Allowed] = {
    "skill": {
        "view list": {CLIENT} | EDITORS | TRANSLATORS,
        "add": EDITORS,
        "edit": EDITORS | TRANSLATORS,
        "delete": EDITORS,
    },
    "one’s own request": {
        "view list": {CLIENT} | REQUEST_READERS,
        "add": {CLIENT} | EDITORS,
        "view": {CLIENT} | REQUEST_READERS,
        "decide": EDITORS,
        "withdraw": {CLIENT},
        "record effort": EDITORS,
        "make the draft": NOBODY,
        "edit": NOBODY,
        "delete": NOBODY,
    },
    "another’s request": {
        "view": REQUEST_READERS,
        "decide": EDITORS,
        "withdraw": NOBODY,
        "record effort": EDITORS,
        "make the draft": NOBODY,
    },
    "one’s own request that fits": {"make the draft": {CLIENT} | EDITORS, "decide": NOBODY},
    "another’s request that fits": {"make the draft": EDITORS, "view": REQUEST_READERS},
    "report on requests": {"view list": REQUEST_READERS, "export": REQUEST_READERS},
    "translation": {
        "view list": TRANSLATORS,
        "see what is left": TRANSLATORS,
        "preview": TRANSLATORS,
    },
    "glossary term": {
        "view list": EDITORS | TRANSLATORS,
        "add": EDITORS | TRANSLATORS,
        "edit": EDITORS | TRANSLATORS,
        "delete": EDITORS | TRANSLATORS,
        "export": EDITORS | TRANSLATORS,
        "import": EDITORS | TRANSLATORS,
    },
    "mail text": {
        "view list": EDITORS | TRANSLATORS,
        "add": EDITORS,
        "edit": EDITORS | TRANSLATORS,
        "delete": EDITORS,
        "preview": EDITORS | TRANSLATORS,
        "put in force": EDITORS,
        "withdraw": EDITORS,
    },
    "translation as a file": {
        "download": TRANSLATORS,
        "return": TRANSLATORS,
        "apply": TRANSLATORS,
        "edit one text": TRANSLATORS,
        "correct typography": TRANSLATORS,
    },
    "reassignment": {"view list": LEADERS, "add": LEADERS, "end": LEADERS},
    "one’s own file": {
        "view list": {CLIENT} | FILE_READERS,
        "view": {CLIENT} | FILE_READERS,
        "cancel": EDITORS,
        "extend": EDITORS,
        "post again": NOBODY,
        "open": NOBODY,
        "enter an application": EDITORS,
        "see what staff entered": EDITORS,
        "see where it was announced": {CLIENT} | FILE_READERS,
        "record where it was announced": {CLIENT} | EDITORS,
        "read proposals": NOBODY,
        "edit": NOBODY,
        "delete": NOBODY,
    },
    "records of a file": {
        "view list": {CLIENT} | FILE_READERS,
        "fetch": {CFOB, AUDITOR} | EDITORS,
        "write again": {CFOB} | EDITORS,
        "disclose": {CFOB} | EDITORS,
    },
    "package for access to information": {"fetch": {CFOB} | EDITORS},
    "another’s file": {
        "view": FILE_READERS,
        "see where it was announced": FILE_READERS,
        "record where it was announced": EDITORS,
        "cancel": EDITORS,
        "open": NOBODY,
        "enter an application": EDITORS,
        "see what staff entered": EDITORS,
    },
    "file past its deadline": {
        "view": FILE_READERS,
        "open": EDITORS,
        "enter an application": NOBODY,
        "read proposals": NOBODY,
    },
    "one’s own file past its deadline": {
        "view": {CLIENT} | FILE_READERS,
        "post again": {CLIENT} | EDITORS,
    },
    "opened file": {
        "view": FILE_READERS,
        "cancel": EDITORS,
        "open": NOBODY,
        "read proposals": EDITORS,
    },
    "file whose supplier is selected": {
        "view": FILE_READERS,
        "cancel": EDITORS,
        "offer the work": EDITORS,
        "find not eligible": NOBODY,
        "sign the award": NOBODY,
        "end without an award": NOBODY,
    },
    "file whose work is offered": {
        "offer the work": NOBODY,
        "find not eligible": EDITORS,
        "sign the award": NOBODY,
        "end without an award": NOBODY,
    },
    "file whose offer is accepted": {
        "cancel": EDITORS,
        "offer the work": NOBODY,
        "find not eligible": EDITORS,
        "sign the award": {CFOB, SUPERUSER},
        "end without an award": NOBODY,
    },
    "file in which nobody accepted": {
        "offer the work": NOBODY,
        "sign the award": NOBODY,
        "end without an award": EDITORS,
    },
    "file whose opening is asked for": {
        "see how far the opening is": EDITORS,
        "follow it by script": EDITORS,
    },
    "offer to a supplier without e-mail": {"view": EDITORS, "enter an acceptance": EDITORS},
    "question to a supplier without e-mail": {"view": EDITORS, "enter the answer": EDITORS},
    "reasons that are to be translated": {"view": TRANSLATORS, "edit": TRANSLATORS},
    "confirmation of a government employee": {"read": {CFOB} | EDITORS},
    "complaint": {"read": {CFOB} | EDITORS, "answer": {CFOB} | EDITORS},
    "contract under way": {
        "see": {CLIENT, CFOB, FINANCE, AUDITOR} | EDITORS,
        "write to the supplier": {CLIENT} | EDITORS,
        "ask for a later date": {CLIENT} | EDITORS,
        "propose to end": {CLIENT} | EDITORS,
        "raise a dispute": {CLIENT} | EDITORS,
    },
    "work of a supplier without e-mail": {"view": EDITORS, "enter a message": EDITORS},
    "delivered work": {"judge": {CLIENT} | EDITORS},
    "evidence of a check": {"download": {CLIENT, CFOB, FINANCE, AUDITOR} | EDITORS},
    "judged work": {"concur": EDITORS},
    "default that is proposed": {"confirm": {CFOB} | EDITORS},
    "contract in dispute": {"settle": {CFOB} | EDITORS},
    "contract that ended": {"end the file": EDITORS},
    "work that is accepted": {"enter the invoice": {FINANCE, SUPERUSER}},
    "invoice to approve": {
        "see": {CLIENT, CFOB, FINANCE, AUDITOR} | EDITORS,
        "read the document": {CFOB, FINANCE, AUDITOR, SUPERUSER},
        "approve": {CFOB, FINANCE, SUPERUSER},
        "send back": {CFOB, FINANCE, SUPERUSER},
        "pay": NOBODY,
    },
    "invoice to pay": {"approve": NOBODY, "send back": NOBODY, "pay": {FINANCE, SUPERUSER}},
    "payments": {"view list": {IT, CFOB, FINANCE, AUDITOR, SUPERUSER}},
    "rate of a tax": {
        "view list": {FINANCE, AUDITOR, SUPERUSER},
        "add": {FINANCE, SUPERUSER},
        "edit": {FINANCE, SUPERUSER},
        "delete": NOBODY,
    },
    "entry of the catalogue": {
        "view list": {AUDITOR} | EDITORS,
        "edit": EDITORS,
        "load the files": {AUDITOR} | EDITORS,
        "delete": NOBODY,
    },
    "proposal": {"view": EDITORS, "know the supplier": EDITORS},
    "evaluation under way": {
        "view": {IT, CFOB, AUDITOR, SUPERUSER},
        "name evaluators": EDITORS,
        "look for names": EDITORS,
        "judge": NOBODY,
        "read the verdicts": NOBODY,
        "sign off": NOBODY,
    },
    "evaluation handed in": {
        "view": {IT, CFOB, AUDITOR, SUPERUSER},
        "judge": NOBODY,
        "read the verdicts": {IT, CFOB, AUDITOR, SUPERUSER},
        "send back": {CFOB} | EDITORS,
        "sign off": {CFOB} | EDITORS,
        "reopen": NOBODY,
    },
    "evaluation signed off": {
        "read the verdicts": {IT, CFOB, AUDITOR, SUPERUSER},
        "send back": NOBODY,
        "reopen": {CFOB} | EDITORS,
    },
    "working translation that is asked for": {"view": TRANSLATORS, "edit": TRANSLATORS},
    "trial seal": {"view list": EDITORS, "ask for another": EDITORS},
    "tracker": {"view list": {CLIENT} | FILE_READERS, "export": {CLIENT} | FILE_READERS},
    "tracker, every column": {"view list": {CLIENT} | FILE_READERS, "export": {CLIENT} | FILE_READERS},
    "figures": {"view": FILE_READERS, "download a report": FILE_READERS},
    "number read elsewhere": {"view list": FILE_READERS, "add": {IT, SUPERUSER}},
    "survey": {"view list": {IT, CFOB, AUDITOR, SUPERUSER}},
    "announcements": {"view list": FILE_READERS},
    "contracts of the year": {"view list": FILE_READERS, "export": FILE_READERS, "publish": FILE_READERS},
    "mailing list": {"view list": EDITORS, "write to all again": EDITORS, "write to one again": EDITORS},
    "question, not sorted": {
        "view": QUESTION_READERS,
        "accept": EDITORS,
        "merge": EDITORS,
        "send to the FAQ": EDITORS,
        "reject": EDITORS,
        "answer": NOBODY,
        "publish": NOBODY,
    },
    "question about one’s own opportunity": {
        "view list": {CLIENT} | QUESTION_READERS,
        "view": {CLIENT} | QUESTION_READERS,
        "answer": {CLIENT} | EDITORS,
        "reject": EDITORS,
        "erase who asked": EDITORS,
        "publish": NOBODY,
        "edit": NOBODY,
        "delete": NOBODY,
    },
    "question about another’s opportunity": {"view": QUESTION_READERS, "answer": EDITORS},
    "question, translated": {"publish": EDITORS, "answer": {CLIENT} | EDITORS},
    "question, published": {
        "view": {CLIENT} | QUESTION_READERS,
        "correct": EDITORS,
        "reject": NOBODY,
        "answer": NOBODY,
    },
    "question and answer": {
        "view list": TRANSLATORS,
        "add": NOBODY,
        "edit translation": TRANSLATORS,
        "edit source": NOBODY,
        "delete": NOBODY,
    },
    "outgoing message": {
        "view list": {IT, AUDITOR, SUPERUSER},
        "view": {IT, AUDITOR, SUPERUSER},
        "retry": EDITORS,
        "edit": NOBODY,
        "delete": NOBODY,
    },
    "audit entry": {
        "view list": {CFOB, AUDITOR, SUPERUSER},
        "export": {CFOB, AUDITOR, SUPERUSER},
    },
    "contract splitting": {
        "view list": {IT, CFOB, AUDITOR, SUPERUSER},
        "export": {IT, CFOB, AUDITOR, SUPERUSER},
        "compare": {CLIENT, CFOB, AUDITOR} | EDITORS,
        "justify": {CLIENT} | EDITORS,
        "decide": NOBODY,
    },
    "justification that waits": {"justify": NOBODY, "decide": {CFOB, SUPERUSER}},
    "document": {
        "view list": {CLIENT} | EDITORS,
        "add": {CLIENT} | EDITORS,
        "edit": EDITORS,
        "delete": EDITORS,
    },
    "user": {"view list": {SUPERUSER}, "add": {SUPERUSER}, "edit": {SUPERUSER}, "delete": {SUPERUSER}},
    "group": {"view list": {SUPERUSER}, "add": {SUPERUSER}, "edit": {SUPERUSER}, "delete": {SUPERUSER}},
    "workflow": {"view list": {SUPERUSER}, "add": {SUPERUSER}, "edit": {SUPERUSER}, "disable": {SUPERUSER}},
    "site and languages": {"view list": {SUPERUSER}, "edit": {SUPERUSER}},
}


# --- the site in which the acts are tried ------------------------------------------------------


@dataclass
class World:
    """A site with one of everything, written in one language, and a browser for every actor."""

    language: str
    users: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    subjects: dict[str, Any] = field(default_factory=dict)
    of_the_site: set[str] = field(default_factory=set)

    def get(self, actor: str, name: str, *args: Any, **query: str) -> Any:
        return self.browsers[actor].get(reverse(name, args=args), query)

    def post(self, actor: str, name: str, /, *args: Any, **data: str) -> Any:
        return self.browsers[actor].post(reverse(name, args=args), data)

    def tester(self, actor: str, page: Page) -> Any:
        return fresh(page).permissions_for_user(self.users[actor])


def make_world(language: str = "en") -> World:
    """The people, each signed in."""
    world = World(language)
    for actor in ACTORS:
        world.browsers[actor] = Client()
        if actor != VISITOR:
            world.users[actor] = people.make_user(None if actor == SUPERUSER else actor)
            world.browsers[actor].force_login(world.users[actor])
    return world


def make_pages(world: World) -> None:
    """A page of every kind, in the states that matter."""
    language, own, approver = world.language, world.users[CLIENT], world.users[IT]
    other = people.make_user(CLIENT, "another-client")
    subjects = world.subjects
    for kind, model in (
        ("home", HomePage),
        ("list of opportunities", OpportunityIndex),
        ("list of projects", ProjectIndex),
        ("client’s guide", GuidanceIndex),
        ("form page", ProposalFormPage),
        ("delivery form", DeliveryFormPage),
        ("page of questions", QuestionsPage),
        ("catalogue of bought code", CataloguePage),
        ("page of figures", IndicatorsPage),
    ):
        subjects[kind] = _in_tree(model, language)
        world.of_the_site.add(kind)
    # Written in English, whatever the language of the others.
    subjects["guidance page"] = GuidancePage.objects.get(topic="splitting", locale__language_code="en")
    subjects["content page, draft"] = pages.make_content_page(other, language)
    public = pages.make_content_page(other, language, slug="public", title="A public page")
    pages.translate(public)
    pages.publish(public, approver)
    subjects["content page, public"] = public
    project = pages.make_project(other, locale=public.locale)
    subjects["project, draft"] = pages.make_project(other, locale=public.locale, slug="another-project")
    subjects["one’s own opportunity, draft"] = pages.make_opportunity(own, language, project=project)
    subjects["another’s opportunity, draft"] = pages.make_opportunity(
        other, language, project=project, slug="anothers"
    )
    _make_pages_in_review(world, other, project)
    subjects["opportunity, posted"] = pages.make_posted_opportunity(
        own, approver, language=language, project=project, slug="posted"
    )
    splitting.justify_all()  # the one posted last resembles those in review


def _in_tree(model: type[Page], language: str) -> Page:
    """The page of the site in this tree; what is written in the other language is its translation."""
    page: Page = model.objects.get(locale__language_code=language)
    return page


def _make_pages_in_review(world: World, author: Any, project: Any) -> None:
    # People of their own: who has approved a step must not be the actor that is tried.
    reviewers = {role: people.make_user(role, f"reviewer {role}") for role in (IT, CFOB, TRANSLATOR)}
    done: list[Any] = []
    for kind, role in (
        ("opportunity before IT Strategy", IT),
        ("opportunity before CFOB", CFOB),
        ("opportunity before the translator", TRANSLATOR),
        ("opportunity before publication", IT),
    ):
        page = pages.make_opportunity(author, world.language, project=project, slug=f"review-{len(done)}")
        pages.translate(page, reviewers[TRANSLATOR])
        world.subjects[kind] = pages.run_workflow(page, author, *done)
        done.append(reviewers[role])


def make_evaluations(subjects: dict[str, Any]) -> None:
    """One that is under way, one that waits for its sign-off, one that was signed off; none by an actor."""
    files = [evaluations.opened(1, file=proposals.make_file()) for _each in range(3)]
    subjects["evaluation under way"], subjects["evaluation handed in"], subjects["evaluation signed off"] = (
        files
    )
    (assignment,) = evaluations.named(files[0], "evaluates")
    candidate = assignment.round.candidates.select_related("proposal").first()
    assert candidate is not None
    subjects["working translation that is asked for"] = asking.ask_translation(
        assignment, user=assignment.evaluator, candidate=candidate
    )
    for file in files[1:]:
        evaluations.submitted(file, by="evaluates")
    transition(files[2], "sign_off", user=people.make_user(CFOB, "signs"))


def make_records(world: World) -> None:
    """A record of every kind."""
    subjects = world.subjects
    subjects["skill"] = pages.make_skill("Accessibility")
    make_requests(world)
    subjects["translation"] = pairs.translation_of(
        pages.make_content_page(world.users[IT], slug="translated")
    )
    subjects["glossary term"] = GlossaryTerm.objects.first()
    subjects["mail text"] = make_mail_text()
    opportunity = pages.make_opportunity(world.users[CLIENT], slug="as-a-file")
    subjects["translation as a file"] = pairs.translation_of(opportunity)
    subjects["reassignment"] = Reassignment.objects.create(
        kind="absence",
        from_person=people.make_user(CFOB, "absent"),
        to_person=people.make_user(CFOB, "deputy"),
        starts_on=timezone.localdate(),
        until=timezone.localdate(),
        reason="The work goes on.",
        made_by=people.make_user(LEAD, "lead"),
    )
    subjects["one’s own file"] = proposals.make_posted_file(world.users[CLIENT], world.users[IT])
    subjects["another’s file"] = proposals.make_file()
    subjects["records of a file"] = subjects["one’s own file"]
    subjects["package for access to information"] = make_package(subjects["one’s own file"])
    subjects["file past its deadline"] = proposals.make_file()
    proposals.pass_deadline(subjects["file past its deadline"])
    ended = proposals.make_posted_file(world.users[CLIENT], world.users[IT], slug="ended")
    proposals.pass_deadline(ended)
    subjects["one’s own file past its deadline"] = ended
    opened = proposals.make_file()
    subjects["opened file"] = opened
    subjects["proposal"], _link = proposals.send(opened)
    proposals.pass_deadline(opened)
    opening.open_proposals(opened, world.users[SUPERUSER], custody.custodian_identities())
    make_evaluations(subjects)
    make_selections(subjects)
    make_awards(subjects)
    make_desk(subjects)
    make_contracts(world)
    make_questions(subjects)
    EmailMessage("A subject", "A text", to=["somebody@example.org"]).send()
    OutgoingMessage.objects.update(state=MessageState.FAILED)
    subjects["outgoing message"] = OutgoingMessage.objects.first()
    subjects["document"] = Document.objects.create(title="Annex", file="annex.pdf")
    subjects["user"] = people.make_user(FINANCE, "somebody-else")
    subjects["group"] = roles.Group.objects.get(name=FINANCE)
    subjects["workflow"] = Workflow.objects.first()
    own, other = world.users[CLIENT], people.make_user(CLIENT, "writes-justifications")
    for kind in ("contract splitting", "justification that waits"):
        subjects[kind] = pages.make_opportunity(own, slug=kind.replace(" ", "-"), justified=False)
    found = splitting_records.assess(subjects["justification that waits"]).found
    SplittingJustification.objects.create(
        translation_key=subjects["justification that waits"].translation_key,
        title="An opportunity",
        text="Another need.",
        found=found.snapshot(),
        digest=found.digest,
        sum_with_tax=found.total_with_tax,
        written_by=other,
    )
    for kind in ("trial seal", "audit entry", "site and languages", "mailing list", "survey"):
        subjects[kind] = None
    for kind in ("tracker", "tracker, every column", "figures", "number read elsewhere"):
        subjects[kind] = None
    subjects["announcements"] = subjects["contracts of the year"] = None


def make_requests(world: World) -> None:
    """A new request and one that fits, of the actor and of somebody else; other people have decided."""
    other, decider = people.make_user(CLIENT, "another-client"), people.make_user(IT, "another-it")
    for whose, client in (("one’s own", world.users[CLIENT]), ("another’s", other)):
        world.subjects[f"{whose} request"] = requests.make_request(client)
        fits = requests.decided(requests.make_request(client), decider, "fit")
        world.subjects[f"{whose} request that fits"] = fits
    world.subjects["report on requests"] = None


def make_selections(subjects: dict[str, Any]) -> None:
    """Files on their way through the selection."""
    subjects["file whose evaluation is signed off"] = selections.evaluated(2, failing=0)
    subjects["file whose list is frozen"] = selections.frozen(2, failing=0).solicitation
    entered = selections.frozen(2, failing=0).solicitation
    selections.enter_input(entered)
    subjects["file whose public input is entered"] = entered
    subjects["file in which nobody passed"] = selections.evaluated(0)


def make_package(file: Solicitation) -> AccessPackage:
    wish = packages.Wish("A-2026-00001", ["en"], ["questions"], {})
    return packages.make(file, wish, people.the(IT))


def make_awards(subjects: dict[str, Any]) -> None:
    """Files on their way through the award, each brought there by people who are not tried."""
    author = people.make_user(IT, "offers")
    subjects["file whose supplier is selected"] = selections.selected(1, failing=0)
    offered = selections.selected(1, failing=0)
    offers.make(offered, author)
    subjects["file whose work is offered"] = offered
    accepted = selections.selected(1, failing=0)
    offer = awards.accepted(offers.make(accepted, author), is_government_employee=True)
    subjects["confirmation of a government employee"] = confirmations.take(
        offer.proposal,
        name="dg.pdf",
        content_type="application/pdf",
        content=awards.PDF,
        language="en",
    )
    subjects["file whose offer is accepted"] = accepted
    ended = selections.selected(1, failing=0)
    offers.decline(offers.make(ended, author).proposal, DeclineReason.OTHER)
    subjects["file in which nobody accepted"] = ended
    done = selections.selected(1, failing=1)
    offers.countersign(awards.accepted(offers.make(done, author)), people.make_user(CFOB, "signs-awards"))
    done.refresh_from_db()
    proposal = next(one for one, result in outcome.results_of(done) if result == Result.NOT_MET)
    subjects["complaint"] = debriefs.write(
        proposal, Topic.COMPLAINT, "This is unfair.", language="en", key=uuid.uuid4()
    )


def make_desk(subjects: dict[str, Any]) -> None:
    """What staff do for a supplier without e-mail, and reasons that a supplier asked for in another language."""
    desk = people.make_user(IT, "enters")
    asked_for = proposals.make_file()
    proposals.pass_deadline(asked_for)
    opening.ask_to_open(asked_for, desk)
    subjects["file whose opening is asked for"] = asked_for
    questioned = proposals.make_file()
    proposals.enter(questioned, desk)
    evaluations.opened(0, file=questioned)
    (one,) = evaluations.named(questioned, "asks")
    board = boards.read(one.round)
    subjects["question to a supplier without e-mail"] = asking.ask_supplier(
        one,
        user=one.evaluator,
        candidate=board.candidates[0],
        item=board.items[0],
        question="For whom was it?",
    )
    offered = proposals.make_file()
    proposals.enter(offered, desk)
    offered = selections.evaluated(0, failing=0, file=offered)
    selections.services.freeze(offered, selections.drawer())
    offers.make(offered, desk)
    subjects["offer to a supplier without e-mail"] = offered
    ended = selections.evaluated(0, failing=1)
    transition(ended, "find_none", user=selections.drawer())
    subjects["reasons that are to be translated"] = translations.ask(ended.proposals.get(), "fr")


def make_contracts(world: World) -> None:
    """Contracts on their way, each brought there by people who are not tried; the client is the actor."""
    subjects, client = world.subjects, world.users[CLIENT]
    author = people.make_user(IT, "offers-contracts")

    def begin() -> Contract:
        file = selections.selected(1, failing=0, file=proposals.make_file(client=client))
        return contracts.under_way_of(awards.accepted(offers.make(file, author)))

    def accepted() -> WorkAcceptance:
        judge = User.objects.get(username="judges-in-place")
        return contracts.accepted(contracts.judged(contracts.delivered(begin()), user=judge))

    subjects["contract under way"] = begin()
    subjects["work of a supplier without e-mail"] = contracts.by_telephone(
        people.make_user(IT, "enters-for-suppliers")
    )
    subjects["delivered work"] = contracts.delivered(begin()).contract
    subjects["evidence of a check"] = subjects["delivered work"].deliveries.get().evidence.get(size__gt=0)
    stands_in = people.make_user(IT, "judges-in-place")
    judged = contracts.judged(contracts.delivered(begin()), user=stands_in)
    subjects["judged work"] = judged.delivery.contract
    proposed = begin()
    ending.propose(
        proposed, stands_in, EndKind.DEFAULT, "Nothing came.", percentage=0, key=uuid.uuid4(), language="en"
    )
    subjects["default that is proposed"] = proposed
    disputed = begin()
    talking.dispute(disputed, "We did not agree to this.", key=uuid.uuid4(), language="en")
    subjects["contract in dispute"] = disputed
    subjects["contract that ended"] = contracts.ended(begin(), EndKind.WITHDRAWN).contract
    subjects["work that is accepted"] = accepted().contract
    subjects["invoice to approve"] = contracts.invoiced(accepted().contract)
    approves = people.make_user(CFOB, "approves-invoices")
    to_pay = contracts.invoiced(accepted().contract)
    paying.approve(to_pay, approves, "600012345")
    subjects["invoice to pay"] = to_pay
    paid = contracts.invoiced(accepted().contract)
    paying.approve(paid, approves, "600012345")
    payment = contracts.payment(paid, user=people.make_user(FINANCE, "pays-invoices"))
    subjects["entry of the catalogue"] = CatalogueEntry.objects.get(contract=payment.contract_id)
    subjects["payments"] = None
    subjects["rate of a tax"] = TaxRate.objects.get(tax="HST", province="ON")


def make_questions(subjects: dict[str, Any]) -> None:
    """Questions in the states that matter, each brought there by people who are not tried."""
    own, another = subjects["one’s own file"], subjects["another’s file"]
    subjects["question, not sorted"] = questions.ask(own, "First?", address="asker@example.org")
    accepted = questions.accept(questions.ask(own, "Second?", address="asker@example.org"))
    subjects["question about one’s own opportunity"] = accepted
    subjects["question about another’s opportunity"] = questions.accept(questions.ask(another))
    translated = questions.bring_to(questions.ask(own, "Third?"), "translating")
    questions.translate(translated)
    subjects["question, translated"] = translated
    subjects["question, published"] = questions.make_published(own, "Fourth?")
    subjects["question and answer"] = translated.text


def make_mail_text() -> NoticeText:
    """A text of staff, in both languages."""
    english, french = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    text = NoticeText.objects.create(kind="proposal_withdrawn", body="Write to us.", locale=english)
    pairs.keep_snippet_in_step(text, None)
    for segment in StringSegment.objects.filter(source__object_id=text.translation_key):
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, locale=french, data="Écrivez-nous."
        )
    return text


# --- the acts ----------------------------------------------------------------------------------

Act = Callable[[World, str, Any], bool]


def shows(response: Any) -> bool:
    """Whether the admin showed what was asked for; it leads those who may not away."""
    return bool(response.status_code == 200)


def fresh(page: Page) -> Page:
    found: Page = Page.objects.get(pk=page.pk).specific
    return found


def at(name: str, **query: str) -> Act:
    """The address of one object."""
    return lambda world, actor, subject: shows(world.get(actor, name, subject.pk, **query))


def at_list(name: str, **query: str) -> Act:
    """An address that needs no object."""
    return lambda world, actor, subject: shows(world.get(actor, name, **query))


def nowhere(base: str, *paths: str) -> Act:
    """Whether any of the addresses by which Wagtail would do it exists below the list of the records."""

    def act(world: World, actor: str, subject: Any) -> bool:
        addresses = [f"{reverse(base)}{path.format(pk=subject.pk)}" for path in paths]
        return any(world.browsers[actor].get(address).status_code == 200 for address in addresses)

    return act


def view_publicly(world: World, actor: str, page: Page) -> bool:
    return shows(world.browsers[actor].get(fresh(page).url))


def add_below(world: World, actor: str, parent: Page) -> bool:
    model = {OpportunityIndex: Opportunity, HomePage: ContentPage}.get(
        type(parent), parent.specific_class.allowed_subpage_models()[0]
    )
    name = (model._meta.app_label, model._meta.model_name)
    return shows(world.get(actor, "wagtailadmin_pages:add", *name, parent.pk))


def edit_source(world: World, actor: str, page: Page) -> bool:
    return shows(world.get(actor, "wagtailadmin_pages:edit", pairs.source_of(page).pk))


def edit_translation(world: World, actor: str, page: Page) -> bool:
    target = pairs.counterpart(pairs.source_of(page))
    return shows(world.get(actor, "wagtailadmin_pages:edit", target.pk))


def submit(world: World, actor: str, page: Page) -> bool:
    """What the edit view asks before it starts a workflow."""
    if actor == VISITOR:
        return False
    tester = world.tester(actor, pairs.source_of(page))
    return bool(tester.can_edit() and tester.can_submit_for_moderation())


def publish(world: World, actor: str, page: Page) -> bool:
    """By the bulk action, which asks no workflow, and by the button of the edit view."""
    published = PageLogEntry.objects.filter(page_id=page.pk, action="wagtail.publish")
    before, was_live = published.count(), fresh(page).live
    path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    world.browsers[actor].post(f"{path}?id={page.pk}")
    offered = actor != VISITOR and world.tester(actor, page).can_publish()
    return bool(offered or published.count() != before or fresh(page).live != was_live)


def unpublish(world: World, actor: str, page: Page) -> bool:
    before = fresh(page).live
    world.post(actor, "wagtailadmin_pages:unpublish", page.pk)
    return bool(before and not fresh(page).live)


def delete_page(world: World, actor: str, page: Page) -> bool:
    title = fresh(page).title
    world.post(
        actor, "wagtailadmin_pages:delete", page.pk, title=title, **{"confirm-site-name": "Micro-acquisition"}
    )
    return not Page.objects.filter(pk=page.pk).exists()


def copy(world: World, actor: str, page: Page) -> bool:
    response = world.post(
        actor,
        "wagtailadmin_pages:copy",
        page.pk,
        new_title="A copy",
        new_slug="a-copy",
        new_parent_page=str(page.get_parent().pk),
    )
    assert response.status_code in (200, 302, 403)
    return Page.objects.filter(slug="a-copy").exists()


def lock(world: World, actor: str, page: Page) -> bool:
    world.post(actor, "wagtailadmin_pages:lock", page.pk)
    return bool(fresh(page).locked)


def act_on_task(name: str, status: str) -> Act:
    def act(world: World, actor: str, page: Page) -> bool:
        task = fresh(page).current_workflow_task_state
        data = {"comment": "Please name the tests."} if name == "reject" else {}
        if name == "approve":
            world.get(actor, "microacq_review", page.pk)  # nobody approves what they have not read
        world.post(actor, "wagtailadmin_pages:workflow_action", page.pk, name, task.pk, **data)
        return bool(TaskState.objects.get(pk=task.pk).status == status)

    return act


def cancel(world: World, actor: str, file: Solicitation) -> bool:
    world.post(
        actor,
        "solicitations:transition",
        file.pk,
        "cancel",
        reason="The need is gone.",
        reason_fr="Le besoin n’existe plus.",
    )
    return Solicitation.objects.get(pk=file.pk).state == State.CANCELLED


def end_without_selection(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "solicitations:transition", file.pk, "find_none")
    return Solicitation.objects.get(pk=file.pk).state == State.NONE_SUITABLE


def freeze_list(world: World, actor: str, file: Solicitation) -> bool:
    before = file.frozen_lists.count()
    world.post(actor, "selections:freeze", file.pk)
    return int(file.frozen_lists.count()) > before


def enter_public_input(world: World, actor: str, file: Solicitation) -> bool:
    before = InputEntry.objects.filter(frozen_list__solicitation=file).count()
    typed = {"text": selections.LOTTERY_NUMBERS, "provenance": selections.PAGE}
    world.post(actor, "selections:enter", file.pk, **typed)
    return InputEntry.objects.filter(frozen_list__solicitation=file).count() > before


def draw_order(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "selections:draw", file.pk)
    return Draw.objects.filter(frozen_list__solicitation=file).exists()


def offer_work(world: World, actor: str, file: Solicitation) -> bool:
    before = file.offers.count()
    world.post(actor, "awards:offer", file.pk)
    return int(file.offers.count()) > before


def _offer_of(file: Solicitation) -> str:
    """The offer that the screens show."""
    newest = file.offers.order_by("-pk").first()
    return newest.reference if newest is not None else ""


def find_not_eligible(world: World, actor: str, file: Solicitation) -> bool:
    world.post(
        actor, "awards:not_eligible", file.pk, offer=_offer_of(file), reason="No permit to work in Canada."
    )
    return file.offers.filter(state=OfferState.NOT_ELIGIBLE).exists()


def sign_award(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "awards:countersign", file.pk, offer=_offer_of(file), checked="on", confirmation="on")
    return Solicitation.objects.get(pk=file.pk).state == State.AWARDED


def end_without_award(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "awards:end", file.pk)
    return Solicitation.objects.get(pk=file.pk).state == State.NOT_ACCEPTED


def read_confirmation(world: World, actor: str, kept: EmployeeConfirmation) -> bool:
    return world.get(actor, "awards:confirmation", kept.pk).content == awards.PDF


def fetch_records(world: World, actor: str, file: Solicitation) -> bool:
    return world.get(actor, "records:download", file.pk).get("Content-Type", "") == "application/zip"


def write_again(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "records:documents", file.pk)
    return ArchivedFile.objects.filter(solicitation=file).exists()


def disclose(world: World, actor: str, file: Solicitation) -> bool:
    before = AccessPackage.objects.count()
    world.post(
        actor,
        "records:disclose",
        file.pk,
        reference="A-2026-00002",
        languages="en",
        documents="opportunity",
        make="1",
        **{"passages-TOTAL_FORMS": "0", "passages-INITIAL_FORMS": "0"},
    )
    return AccessPackage.objects.count() > before


def fetch_package(world: World, actor: str, package: AccessPackage) -> bool:
    return world.get(actor, "records:package", package.pk).get("Content-Type", "") == "application/zip"


def answer_supplier(world: World, actor: str, asked: DebriefRequest) -> bool:
    world.post(actor, "awards:debrief", asked.pk, words="We looked again.")
    return DebriefAnswer.objects.filter(request=asked).exists()


def _minute_of(moment: Any) -> str:
    return f"{timezone.localtime(moment).replace(second=0, microsecond=0):%Y-%m-%d %H:%M}"


def enter_acceptance(world: World, actor: str, file: Solicitation) -> bool:
    offer = file.offers.get()
    typed = {
        "act": "accept",
        "entered_how": "paper",
        "taken_at": _minute_of(offer.made_at),
        "statement": "By post.",
        "payment": "card",
        "employee": "no",
        "accepted": "on",
        "signature": "Camille Tremblay",
        "terms": terms.digest_of(terms.text_of(offer, "en")),
    }
    world.post(actor, "awards:desk", file.pk, **typed)
    return file.offers.filter(state=OfferState.ACCEPTED).exists()


def enter_answer(world: World, actor: str, asked: Clarification) -> bool:
    typed = {"act": "keep", "entered_how": "telephone", "answer": "A public service."}
    world.post(actor, "evaluation:answer-for", asked.pk, **typed, taken_at=_minute_of(asked.asked_at))
    return Clarification.objects.filter(pk=asked.pk, answered_at__isnull=False).exists()


def translate_reasons(world: World, actor: str, asked: TranslatedReasons) -> bool:
    items = boards.criteria_of(asked.candidate.round)
    world.post(actor, "awards:reasons", asked.pk, **{f"text-{item.pk}": "Traduit." for item in items})
    return TranslatedReasons.objects.get(pk=asked.pk).translated_at is not None


def writes_to_supplier(world: World, actor: str, contract: Contract) -> bool:
    before = contract.messages.count()
    typed = {"kind": "message", "words": "Hello", "key": str(uuid.uuid4())}
    world.post(actor, "contracts:work", contract.pk, **typed)
    return int(contract.messages.count()) > before


def enters_message(world: World, actor: str, contract: Contract) -> bool:
    typed = {"kind": "message", "words": "Hello", "key": str(uuid.uuid4())}
    came = contracts.came_typed(contract.started_at)
    world.post(actor, "contracts:desk_message", contract.pk, **typed, **came)
    return bool(contract.messages.exists())


def asks_for_date(world: World, actor: str, contract: Contract) -> bool:
    until = contract.delivery_date + timedelta(days=7)
    typed = {"until": until.isoformat(), "reason": "The data came late.", "key": str(uuid.uuid4())}
    world.post(actor, "contracts:extension", contract.pk, **typed)
    return bool(contract.extensions.exists())


def proposes_end(world: World, actor: str, contract: Contract) -> bool:
    typed = {"kind": "default", "percentage": "0", "reason": "Nothing came.", "key": str(uuid.uuid4())}
    world.post(actor, "contracts:end", contract.pk, **typed)
    return bool(contract.end_proposals.exists())


def raises_dispute(world: World, actor: str, contract: Contract) -> bool:
    typed = {"words": "This was not agreed.", "key": str(uuid.uuid4())}
    world.post(actor, "contracts:dispute", contract.pk, **typed)
    return bool(contract.disputes.exists())


def judges_work(world: World, actor: str, contract: Contract) -> bool:
    delivery = contract.deliveries.get()
    typed = {"commit": contracts.COMMIT, "mend": "", "mend_by": ""}
    for item in judging.criteria_of(delivery):
        typed |= {f"verdict_{item.pk}": "met", f"reason_{item.pk}": "It does."}
    world.post(actor, "contracts:judge", contract.pk, **typed)
    return bool(delivery.judgements.exists())


def concurs(world: World, actor: str, contract: Contract) -> bool:
    world.post(actor, "contracts:concur", contract.pk, agreed="yes")
    return Contract.objects.get(pk=contract.pk).state == "accepted"


def confirms_default(world: World, actor: str, contract: Contract) -> bool:
    world.post(actor, "contracts:confirm_end", contract.pk, agreed="yes")
    return Contract.objects.get(pk=contract.pk).state == "ended_default"


def settles_dispute(world: World, actor: str, contract: Contract) -> bool:
    world.post(actor, "contracts:settle", contract.pk, words="It was agreed.")
    return not contract.disputes.filter(settlement=None).exists()


def downloads_evidence(world: World, actor: str, kept: Evidence) -> bool:
    return bool(world.get(actor, "contracts:evidence", kept.pk).content == contracts.JUNIT)


def ends_file(world: World, actor: str, contract: Contract) -> bool:
    world.post(actor, "contracts:end_file", contract.pk)
    return Solicitation.objects.get(pk=contract.solicitation_id).state == State.TERMINATED


def enters_invoice(world: World, actor: str, contract: Contract) -> bool:
    said = contracts.charge(contract)
    names = ("name", "street", "city", "province", "postal_code", "gst_number", "pay_to", "key")
    typed = {name: str(getattr(said, name)) for name in names}
    came = contracts.came_typed(contract.acceptance.accepted_at)
    world.post(actor, "payments:enter", contract.pk, **typed, **came)
    return bool(contract.invoices.exists())


def sees_payment(world: World, actor: str, invoice: Invoice) -> bool:
    return shows(world.get(actor, "payments:payment", invoice.contract_id))


def reads_invoice(world: World, actor: str, invoice: Invoice) -> bool:
    return bool(world.get(actor, "payments:document", invoice.pk).content == invoice.content())


def approves_invoice(world: World, actor: str, invoice: Invoice) -> bool:
    before = Section34Approval.objects.count()
    typed = {"fund_reservation": "600012345", "certified": "on"}
    world.post(actor, "payments:approve", invoice.contract_id, **typed)
    return Section34Approval.objects.count() > before


def sends_invoice_back(world: World, actor: str, invoice: Invoice) -> bool:
    world.post(actor, "payments:send_back", invoice.contract_id, reason="The address is wrong.")
    return bool(InvoiceReturn.objects.filter(invoice=invoice).exists())


def pays_invoice(world: World, actor: str, invoice: Invoice) -> bool:
    typed = {
        "method": "card",
        "reference": "A-1",
        "sap_document": "1900004711",
        "paid_on": timing.today(database_clock()).isoformat(),
    }
    world.post(actor, "payments:pay", invoice.contract_id, **typed)
    return bool(Payment.objects.filter(invoice=invoice).exists())


RATE = {"tax": "HST", "province": "ON", "source": "A budget"}


def adds_rate(world: World, actor: str, rate: TaxRate) -> bool:
    world.post(actor, "tax_rates:add", **RATE, percent="12", since="2030-01-01")
    return bool(TaxRate.objects.filter(since="2030-01-01").exists())


def edits_rate(world: World, actor: str, rate: TaxRate) -> bool:
    world.post(actor, "tax_rates:edit", rate.pk, **RATE, percent="12.5", since=rate.since.isoformat())
    return bool(TaxRate.objects.filter(pk=rate.pk, percent="12.5").exists())


def edits_entry(world: World, actor: str, entry: CatalogueEntry) -> bool:
    names = (
        "name_fr",
        "what_en",
        "what_fr",
        "category",
        "status",
        "software_type",
        "languages",
        "maintenance",
    )
    typed = {name: str(getattr(entry, name)) for name in names}
    world.post(actor, "catalogue:edit", entry.pk, **typed, name_en="Another name", maintainer="")
    return CatalogueEntry.objects.get(pk=entry.pk).name_en == "Another name"


def loads_files(world: World, actor: str, entry: CatalogueEntry) -> bool:
    names = (("ore", (entry.pk,)), ("publiccode", (entry.pk,)), ("ore_all", ()))
    return all(shows(world.get(actor, f"catalogue:{name}", *args)) for name, args in names)


def take_step(name: str, state: RequestState) -> Act:
    def act(world: World, actor: str, request: ClientRequest) -> bool:
        before = ClientRequest.objects.get(pk=request.pk).state
        world.post(actor, "requests:decide", request.pk, name, reason="Because it is so.")
        return before != state and ClientRequest.objects.get(pk=request.pk).state == state

    return act


def record_effort(world: World, actor: str, request: ClientRequest) -> bool:
    world.post(actor, "requests:effort", request.pk, hours="1", note="A call")
    return bool(request.efforts.exists())


def post_again(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "solicitations:again", file.pk)
    return Opportunity.objects.filter(follows=file.translation_key).exists()


def ask_to_open(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "proposals:open", file.pk)
    return _acts_on(file, "file.opening_asked") > 0


def _acts_on(instance: Any, action: str) -> int:
    return int(ModelLogEntry.objects.for_instance(instance).filter(action=action).count())


def enter_application(world: World, actor: str, file: Solicitation) -> bool:
    before = file.proposals.count()
    moment = timezone.localtime(file.posted_at)
    world.post(
        actor,
        "proposals:enter",
        file.pk,
        **{
            **proposals.answers(file),
            "email": "",
            "telephone": "613 555-0142",
            "entered_how": "telephone",
            "taken_at": f"{moment:%Y-%m-%d %H:%M:%S}",
        },
    )
    return bool(file.proposals.count() > before)


def read_proposals(world: World, actor: str, file: Solicitation) -> bool:
    world.get(actor, "proposals:list", file.pk)
    return _acts_on(file, "proposal.listed") > 0


def read_proposal(world: World, actor: str, proposal: Proposal) -> bool:
    return shows(world.get(actor, "proposals:read", proposal.solicitation_id, proposal.receipt_number))


def know_the_supplier(world: World, actor: str, proposal: Proposal) -> bool:
    return actor != VISITOR and bool(world.users[actor].has_perm("submissions.identify_supplier"))


def ask_for_trial(world: World, actor: str, subject: None) -> bool:
    return bool(world.post(actor, "proposals:trials").headers.get("Location") == reverse("proposals:trials"))


def writes_again(**data: str) -> Act:
    """Whether a person may have what was set aside written to again."""

    def act(world: World, actor: str, subject: None) -> bool:
        answer = world.post(actor, "microacq_mailing_list_restore", **data)
        return bool(answer.headers.get("Location") == reverse("microacq_mailing_list"))

    return act


def downloads_report(world: World, actor: str, subject: None) -> bool:
    address = reverse("microacq_indicators_report", args=["close-out", "en"])
    return bool(world.browsers[actor].get(address).status_code == 200)


def enters_number(world: World, actor: str, subject: None) -> bool:
    before = Observation.objects.count()
    data = {
        "kind": "followers",
        "value": "1",
        "observed_on": "2026-01-31",
        "source_en": "The account",
        "source_fr": "The account",
    }
    world.post(actor, "microacq_observations", **data)
    return Observation.objects.count() > before


def retry(world: World, actor: str, message: OutgoingMessage) -> bool:
    world.post(actor, "outgoing_messages:retry", message.pk)
    return OutgoingMessage.objects.get(pk=message.pk).state == MessageState.QUEUED


def delete_record(name: str) -> Act:
    def act(world: World, actor: str, subject: Any) -> bool:
        world.post(actor, name, subject.pk)
        return not type(subject).objects.filter(pk=subject.pk).exists()

    return act


def disable_workflow(world: World, actor: str, workflow: Workflow) -> bool:
    world.post(actor, "wagtailadmin_workflows:disable", workflow.pk)
    return not Workflow.objects.get(pk=workflow.pk).active


def act_on_question(name: str, **data: str) -> Act:
    """Send the form of a transition, and see whether it was carried out."""

    def act(world: World, actor: str, question: Question) -> bool:
        done = _acts_on(question, states.TRANSITIONS[name].act)
        values = {key: value.format(other=_another(question)) for key, value in data.items()}
        world.post(actor, "questions:act", question.pk, name, **values)
        return _acts_on(question, states.TRANSITIONS[name].act) > done

    return act


def _another(question: Question) -> int | None:
    others = question.solicitation.asked_questions.exclude(pk=question.pk)
    return others.values_list("pk", flat=True).first()


def send_to_faq(world: World, actor: str, question: Question) -> bool:
    page = ContentPage.objects.filter(locale__language_code="en").first() or pages.make_content_page()
    return act_on_question("faq", page=str(page.pk), text="General?", answer="Yes.")(world, actor, question)


def publish_question(world: World, actor: str, question: Question) -> bool:
    digest = publication.readiness(question).digest
    return act_on_question("publish", digest=digest)(world, actor, question)


def erase_who_asked(world: World, actor: str, question: Question) -> bool:
    world.post(actor, "questions:purge", question.pk)
    return not Question.objects.get(pk=question.pk).has_personal_data


def edit_question_text(world: World, actor: str, text: Any) -> bool:
    """The editor of snippets writes no source."""
    world.post(actor, f"{QUESTION_TEXTS}:edit", text.pk, question="Other?", answer="Other.")
    return bool(type(text).objects.get(pk=text.pk).question != text.question)


def translate_question(world: World, actor: str, text: Any) -> bool:
    target = text.record.texts.exclude(pk=text.pk).get()
    return shows(world.get(actor, f"{QUESTION_TEXTS}:edit", target.pk))


def delete_question_text(world: World, actor: str, text: Any) -> bool:
    """By its own address and by the bulk action."""
    world.post(actor, f"{QUESTION_TEXTS}:delete", text.pk)
    bulk = reverse("wagtail_bulk_action", args=["submissions", "questiontext", "delete"])
    world.browsers[actor].post(f"{bulk}?id={text.pk}")
    return not type(text).objects.filter(pk=text.pk).exists()


def end_reassignment(world: World, actor: str, row: Reassignment) -> bool:
    world.post(actor, "microacq_end_reassignment", row.pk)
    return Reassignment.objects.get(pk=row.pk).ended_at is not None


def download_year(world: World, actor: str, nothing: None) -> bool:
    return shows(world.get(actor, "microacq_contracts_year", 2026))


def record_announcement(world: World, actor: str, file: Solicitation) -> bool:
    typed = {"channel": "forum", "place": "A forum", "announced_on": timezone.localdate().isoformat()}
    world.post(actor, "communications:file", file.pk, **typed)
    return Mention.objects.filter(solicitation=file).exists()


PAGE_ACTS: dict[str, Act] = {
    "review": at("microacq_review"),
    "assign": at("microacq_assign_review"),
    "view": view_publicly,
    "view draft": at("wagtailadmin_pages:view_draft"),
    "view list": at("wagtailadmin_explore"),
    "add below": add_below,
    "edit source": edit_source,
    "edit translation": edit_translation,
    "submit": submit,
    "approve": act_on_task("approve", TaskState.STATUS_APPROVED),
    "send back": act_on_task("reject", TaskState.STATUS_REJECTED),
    "publish": publish,
    "unpublish": unpublish,
    "delete": delete_page,
    "move": at("wagtailadmin_pages:move"),
    "copy": copy,
    "lock": lock,
    "export submissions": at("wagtailforms:list_submissions", export="csv"),
}

FILE_ACTS: dict[str, Act] = {
    "view list": at_list("solicitations:index"),
    "view": at("solicitations:inspect"),
    "cancel": cancel,
    "extend": at_list("solicitations:extend"),
    "post again": post_again,
    "open": ask_to_open,
    "enter an application": enter_application,
    "see what staff entered": at("proposals:desk"),
    "see where it was announced": at("communications:file"),
    "record where it was announced": record_announcement,
    "freeze the list": freeze_list,
    "enter the public input": enter_public_input,
    "draw": draw_order,
    "end without a selection": end_without_selection,
    "offer the work": offer_work,
    "find not eligible": find_not_eligible,
    "sign the award": sign_award,
    "end without an award": end_without_award,
    "read proposals": read_proposals,
    "edit": nowhere("solicitations:index", "edit/{pk}/", "{pk}/edit/"),
    "delete": nowhere("solicitations:index", "delete/{pk}/", "{pk}/delete/"),
}


INVOICE_ACTS: dict[str, Act] = {
    "see": sees_payment,
    "read the document": reads_invoice,
    "approve": approves_invoice,
    "send back": sends_invoice_back,
    "pay": pays_invoice,
}


def judges(world: World, actor: str, file: Solicitation) -> bool:
    """Whether a person who is no evaluator of this file can write a verdict of it by any address."""
    before = Verdict.objects.count()
    round = boards.current_round(file)
    candidate, item = boards.read(round).cells[0] if round else (0, 0)
    sent = {
        "candidate": str(candidate),
        "item": str(item),
        f"v{candidate}-{item}-reason": "Written by a stranger.",
    }
    world.post(actor, "evaluation:save", file.pk, **sent)
    for name, place in (("criterion", 1), ("application", 1)):
        world.post(actor, f"evaluation:{name}", file.pk, place, **sent)
    return Verdict.objects.count() > before or Verdict.objects.filter(reason__contains="stranger").exists()


def name_evaluators(world: World, actor: str, file: Solicitation) -> bool:
    person = people.make_user(EVALUATOR, "another-evaluator")
    world.post(actor, "evaluation:assign", file.pk, people=str(person.pk))
    return Assignment.objects.filter(evaluator=person).exists()


def send_evaluation_back(world: World, actor: str, file: Solicitation) -> bool:
    world.post(actor, "evaluation:send-back", file.pk, reason="Say more.")
    return _acts_on(file, "evaluation.sent_back") > 0


def sign_off(world: World, actor: str, file: Solicitation) -> bool:
    round = boards.current_round(file)
    digest = boards.read(round).digest() if round and round.state == "submitted" else "a" * 64
    world.post(actor, "evaluation:sign-off", file.pk, digest=digest)
    return Solicitation.objects.get(pk=file.pk).state == State.EVALUATED


def reopen_evaluation(world: World, actor: str, file: Solicitation) -> bool:
    reasons = {"reason": "A mistake.", "reason_fr": "Une erreur."}
    world.post(actor, "solicitations:transition", file.pk, "reopen", **reasons)
    return _acts_on(file, "file.evaluation_reopened") > 0


def translate_application(world: World, actor: str, wanted: WorkingTranslation) -> bool:
    items = boards.criteria_of(wanted.candidate.round)
    world.post(actor, "evaluation:translate", wanted.pk, **{f"text-{item.pk}": "Traduit." for item in items})
    return WorkingTranslation.objects.get(pk=wanted.pk).translated_at is not None


EVALUATION_ACTS: dict[str, Act] = {
    "view": at("evaluation:file"),
    "name evaluators": name_evaluators,
    "look for names": at("evaluation:names"),
    "judge": judges,
    "read the verdicts": at("evaluation:verdicts"),
    "send back": send_evaluation_back,
    "sign off": sign_off,
    "reopen": reopen_evaluation,
}

REQUEST_ACTS: dict[str, Act] = {
    "view list": at_list("requests:index"),
    "add": at_list("requests:add"),
    "view": at("requests:inspect"),
    "decide": take_step("fit", RequestState.FITS),
    "withdraw": take_step("withdraw", RequestState.WITHDRAWN),
    "make the draft": take_step("draft", RequestState.DRAFTED),
    "record effort": record_effort,
    "edit": nowhere("requests:index", "edit/{pk}/", "{pk}/edit/"),
    "delete": nowhere("requests:index", "delete/{pk}/", "{pk}/delete/"),
}


def puts_in_force(world: World, actor: str, text: NoticeText) -> bool:
    world.post(actor, "microacq_notice_text_in_force", text.pk)
    return wording.in_force(text.kind) is not None


def withdraws(world: World, actor: str, text: NoticeText) -> bool:
    wording.put_in_force(text, user=None)
    world.post(actor, "microacq_notice_text_withdraw", text.pk)
    return wording.in_force(text.kind) is None


def translates(name: str, *more: str, post: bool = False, **data: str) -> Act:
    """Whether an address of a translation answers, be it that nothing was sent to it."""

    def act(world: World, actor: str, translation: Translation) -> bool:
        ask = world.post if post else world.get
        response = ask(actor, name, translation.pk, *more, **data)
        done = response.status_code == 302 and "edit" in response.headers["Location"]
        return bool(response.status_code in (200, 422) or done)

    return act


def edit_one_text(world: World, actor: str, translation: Translation) -> bool:
    key = units_of(translation)[0].key
    return shows(world.get(actor, "microacq_translation_string", translation.pk, key))


TERMS = "wagtailsnippets_microacq_pages_glossaryterm"
MAIL_TEXTS = "wagtailsnippets_submissions_noticetext"
SKILLS = "wagtailsnippets_microacq_pages_skill"
QUESTION_TEXTS = "wagtailsnippets_submissions_questiontext"

QUESTION_ACTS: dict[str, Act] = {
    "view list": at_list("questions:index"),
    "view": at("questions:inspect"),
    "accept": act_on_question("accept", text="Clean?", written_in="en"),
    "answer": act_on_question("answer", text="Clean?", answer="Yes."),
    "correct": act_on_question("correct", text="Clean?", answer="No.", reason="Wrong."),
    "merge": act_on_question("merge", kept="{other}"),
    "send to the FAQ": send_to_faq,
    "reject": act_on_question("reject", rejection="off_topic"),
    "publish": publish_question,
    "erase who asked": erase_who_asked,
    "edit": nowhere("questions:index", "edit/{pk}/", "{pk}/edit/"),
    "delete": nowhere("questions:index", "delete/{pk}/", "{pk}/delete/"),
}


def justify(world: World, actor: str, page: Page) -> bool:
    """Write the justification of contract splitting."""
    digest = splitting_records.assess(page).found.digest
    before = SplittingJustification.objects.count()
    world.post(actor, "microacq_splitting", page.pk, act="justify", text="Another need.", digest=digest)
    return SplittingJustification.objects.count() > before


def decide(world: World, actor: str, page: Page) -> bool:
    """Accept the justification of contract splitting."""
    waiting = SplittingJustification.objects.filter(translation_key=page.translation_key).first()
    world.post(
        actor,
        "microacq_splitting",
        page.pk,
        act="accept",
        reason="Clear.",
        justification=waiting.pk if waiting else 0,
    )
    decided = SplittingJustification.objects.filter(translation_key=page.translation_key, decision="accepted")
    return decided.exists()


SPLITTING_ACTS: dict[str, Act] = {
    "view list": at_list("microacq_splitting_report"),
    "export": at_list("microacq_splitting_report", export="csv"),
    "compare": at("microacq_splitting"),
    "justify": justify,
    "decide": decide,
}

RECORD_ACTS: dict[str, dict[str, Act]] = {
    "skill": {
        "view list": at_list(f"{SKILLS}:list"),
        "add": at_list(f"{SKILLS}:add"),
        "edit": at(f"{SKILLS}:edit"),
        "delete": at(f"{SKILLS}:delete"),
    },
    "one’s own request": REQUEST_ACTS,
    "another’s request": REQUEST_ACTS,
    "one’s own request that fits": REQUEST_ACTS,
    "another’s request that fits": REQUEST_ACTS,
    "report on requests": {
        "view list": at_list("microacq_requests_report"),
        "export": at_list("microacq_requests_report", export="csv"),
    },
    "translation": {
        "view list": at_list("microacq_translations"),
        "see what is left": at("microacq_translation_left"),
        "preview": at("microacq_translation_preview"),
    },
    "glossary term": {
        "view list": at_list(f"{TERMS}:list"),
        "add": at_list(f"{TERMS}:add"),
        "edit": at(f"{TERMS}:edit"),
        "delete": at(f"{TERMS}:delete"),
        "export": at_list("microacq_glossary_export"),
        "import": at_list("microacq_glossary_import"),
    },
    "mail text": {
        "view list": at_list(f"{MAIL_TEXTS}:list"),
        "add": at_list(f"{MAIL_TEXTS}:add"),
        "edit": at(f"{MAIL_TEXTS}:edit"),
        "delete": at(f"{MAIL_TEXTS}:delete"),
        "preview": at("microacq_notice_text"),
        "put in force": puts_in_force,
        "withdraw": withdraws,
    },
    "translation as a file": {
        "download": translates("microacq_exchange_download", "po"),
        "return": translates("microacq_exchange_upload", post=True),
        "apply": translates("microacq_exchange_apply", post=True, format="po", strings="[]"),
        "edit one text": edit_one_text,
        "correct typography": translates("microacq_typography_correct", post=True),
    },
    "reassignment": {
        "view list": at_list("microacq_reassignments"),
        "add": at_list("microacq_absence"),
        "end": end_reassignment,
    },
    "records of a file": {
        "view list": at("records:documents"),
        "fetch": fetch_records,
        "write again": write_again,
        "disclose": disclose,
    },
    "package for access to information": {"fetch": fetch_package},
    "one’s own file": FILE_ACTS,
    "another’s file": FILE_ACTS,
    "file past its deadline": FILE_ACTS,
    "one’s own file past its deadline": FILE_ACTS,
    "opened file": FILE_ACTS,
    "file whose evaluation is signed off": FILE_ACTS,
    "file whose list is frozen": FILE_ACTS,
    "file whose public input is entered": FILE_ACTS,
    "file in which nobody passed": FILE_ACTS,
    "file whose supplier is selected": FILE_ACTS,
    "file whose work is offered": FILE_ACTS,
    "file whose offer is accepted": FILE_ACTS,
    "file in which nobody accepted": FILE_ACTS,
    "file whose opening is asked for": {
        "see how far the opening is": at("proposals:opening"),
        "follow it by script": at("proposals:signs"),
    },
    "offer to a supplier without e-mail": {
        "view": at("awards:desk"),
        "enter an acceptance": enter_acceptance,
    },
    "question to a supplier without e-mail": {
        "view": at("evaluation:answer-for"),
        "enter the answer": enter_answer,
    },
    "reasons that are to be translated": {"view": at("awards:reasons"), "edit": translate_reasons},
    "confirmation of a government employee": {"read": read_confirmation},
    "complaint": {"read": at("awards:debrief"), "answer": answer_supplier},
    "contract under way": {
        "see": at("contracts:work"),
        "write to the supplier": writes_to_supplier,
        "ask for a later date": asks_for_date,
        "propose to end": proposes_end,
        "raise a dispute": raises_dispute,
    },
    "work of a supplier without e-mail": {"view": at("contracts:desk"), "enter a message": enters_message},
    "delivered work": {"judge": judges_work},
    "evidence of a check": {"download": downloads_evidence},
    "judged work": {"concur": concurs},
    "default that is proposed": {"confirm": confirms_default},
    "contract in dispute": {"settle": settles_dispute},
    "contract that ended": {"end the file": ends_file},
    "proposal": {"view": read_proposal, "know the supplier": know_the_supplier},
    "evaluation under way": EVALUATION_ACTS,
    "evaluation handed in": EVALUATION_ACTS,
    "evaluation signed off": EVALUATION_ACTS,
    "working translation that is asked for": {
        "view": at("evaluation:translate"),
        "edit": translate_application,
    },
    "trial seal": {"view list": at_list("proposals:trials"), "ask for another": ask_for_trial},
    "work that is accepted": {"enter the invoice": enters_invoice},
    "invoice to approve": INVOICE_ACTS,
    "invoice to pay": INVOICE_ACTS,
    "payments": {"view list": at_list("microacq_payments")},
    "rate of a tax": {
        "view list": at_list("tax_rates:index"),
        "add": adds_rate,
        "edit": edits_rate,
        "delete": nowhere("tax_rates:index", "delete/{pk}/", "{pk}/delete/"),
    },
    "entry of the catalogue": {
        "view list": at_list("catalogue:index"),
        "edit": edits_entry,
        "load the files": loads_files,
        "delete": nowhere("catalogue:index", "delete/{pk}/", "{pk}/delete/"),
    },
    "tracker": {
        "view list": at_list("microacq_tracker"),
        "export": at_list("microacq_tracker", export="csv"),
    },
    "tracker, every column": {
        "view list": at_list("microacq_register"),
        "export": at_list("microacq_register", export="csv"),
    },
    "figures": {"view": at_list("microacq_indicators"), "download a report": downloads_report},
    "number read elsewhere": {"view list": at_list("microacq_observations"), "add": enters_number},
    "survey": {"view list": at_list("microacq_survey")},
    "announcements": {"view list": at_list("communications:sums")},
    "contracts of the year": {
        "view list": at_list("microacq_contracts"),
        "export": at_list("microacq_contracts", export="csv"),
        "publish": download_year,
    },
    "mailing list": {
        "view list": at_list("microacq_mailing_list"),
        "write to all again": writes_again(since="2026-01-31"),
        "write to one again": writes_again(address="somebody@example.org"),
    },
    "question, not sorted": QUESTION_ACTS,
    "question about one’s own opportunity": QUESTION_ACTS,
    "question about another’s opportunity": QUESTION_ACTS,
    "question, translated": QUESTION_ACTS,
    "question, published": QUESTION_ACTS,
    "question and answer": {
        "view list": at_list(f"{QUESTION_TEXTS}:list"),
        "add": at_list(f"{QUESTION_TEXTS}:add"),
        "edit translation": translate_question,
        "edit source": edit_question_text,
        "delete": delete_question_text,
    },
    "outgoing message": {
        "view list": at_list("outgoing_messages:index"),
        "view": at("outgoing_messages:inspect"),
        "retry": retry,
        "edit": nowhere("outgoing_messages:index", "edit/{pk}/"),
        "delete": nowhere("outgoing_messages:index", "delete/{pk}/"),
    },
    "audit entry": {
        "view list": at_list("submissions_audit"),
        "export": at_list("submissions_audit", export="csv"),
    },
    "contract splitting": SPLITTING_ACTS,
    "justification that waits": SPLITTING_ACTS,
    "document": {
        "view list": at_list("wagtaildocs:index"),
        "add": at_list("wagtaildocs:add_multiple"),
        "edit": at("wagtaildocs:edit"),
        "delete": at("wagtaildocs:delete"),
    },
    "user": {
        "view list": at_list("wagtailusers_users:index"),
        "add": at_list("wagtailusers_users:add"),
        "edit": at("wagtailusers_users:edit"),
        "delete": delete_record("wagtailusers_users:delete"),
    },
    "group": {
        "view list": at_list("wagtailusers_groups:index"),
        "add": at_list("wagtailusers_groups:add"),
        "edit": at("wagtailusers_groups:edit"),
        "delete": delete_record("wagtailusers_groups:delete"),
    },
    "workflow": {
        "view list": at_list("wagtailadmin_workflows:index"),
        "add": at_list("wagtailadmin_workflows:add"),
        "edit": at("wagtailadmin_workflows:edit"),
        "disable": disable_workflow,
    },
    "site and languages": {
        "view list": at_list("wagtailsites:index"),
        "edit": at_list("wagtaillocales:index"),
    },
}


# --- the trying ---------------------------------------------------------------------------------


@pytest.fixture
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a page is shown is decided before it is drawn; drawing is what would take the time."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    monkeypatch.setattr("wagtail_localize.views.edit_translation.render", lambda *_args: HttpResponse())


@contextmanager
def rights_read_once() -> Iterator[None]:
    """No act changes those who try it: each person and their rights are read once, not at each request."""
    stored, read = ModelBackend._get_permissions, {}

    def rights(backend: ModelBackend, user: Any, about: Any, source: str) -> Any:
        if about is not None or user.is_anonymous or not user.is_active:
            return stored(backend, user, about, source)
        if (user.pk, source) not in read:
            read[user.pk, source] = frozenset(stored(backend, user, about, source))
        return read[user.pk, source]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelBackend, "_get_permissions", rights)
        patch.setattr(ModelBackend, "get_user", staticmethod(cache(ModelBackend().get_user)))
        yield


def who_can(world: World, act: Act, subject: Any, actors: tuple[str, ...] = ACTORS) -> set[str]:
    """The actors who can do it; whatever they did is undone."""
    found = set()
    for actor in actors:
        world.browsers[actor].cookies.pop("messages", None)  # nothing is drawn, so that they would heap up
        with transaction.atomic():
            if act(world, actor, subject):
                found.add(actor)
            transaction.set_rollback(True)
    return found


def differences(
    world: World,
    table: dict[str, Allowed],
    acts: dict[str, dict[str, Act]],
    actors: tuple[str, ...] = ACTORS,
) -> Any:
    """The cells in which the site and the table do not agree."""
    wrong = {}
    cells = [(kind, act, all_who) for kind, row in table.items() for act, all_who in row.items()]
    with rights_read_once():
        for kind, act, all_who in cells:
            found, who = who_can(world, acts[kind][act], world.subjects[kind], actors), all_who & {*actors}
            if found != who:
                wrong[f"{kind}: {act}"] = {"can but must not": found - who, "must but cannot": who - found}
    return wrong


def check_pages(language: str, actors: tuple[str, ...] = ON_PAGES) -> None:
    """Try every cell of ``PAGES`` for some actors, the pages being written in one language.

    The pages of the site itself are written in English always; what is done to their pair is tried with the others in
    English, and in French what is done to one of their pages.
    """
    world = make_world(language)
    make_pages(world)
    table = PAGES
    if language == "fr":
        table = {kind: dict(row) for kind, row in PAGES.items() if kind != "guidance page"}
        for kind in world.of_the_site:
            table[kind] = {act: who for act, who in PAGES[kind].items() if act not in TO_THE_PAIR}

    assert differences(world, table, dict.fromkeys(PAGES, PAGE_ACTS), actors) == {}
