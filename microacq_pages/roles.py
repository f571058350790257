"""Groups and what they may do, as data. ``apply`` makes the database agree with it.

Page permissions are given on both language trees. Permissions of ``submissions`` are named here as
text, so that this app need not import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

CLIENT = "Client"
IT_STRATEGY = "IT Strategy"
CFOB = "CFOB procurement"
TRANSLATOR = "Translator"
EVALUATOR = "Evaluator"
FINANCE = "Finance"
AUDITOR = "Auditor"
IT_LEAD = "IT Strategy lead"

#: What the groups are called on screens and in mail. The name in the database is the same in both languages.
LABELS = {
    CLIENT: _("Client"),
    IT_STRATEGY: _("IT Strategy"),
    CFOB: _("CFOB procurement"),
    TRANSLATOR: _("Translator"),
    EVALUATOR: _("Evaluator"),
    FINANCE: _("Finance"),
    AUDITOR: _("Auditor"),
    IT_LEAD: _("IT Strategy lead"),
}

#: Whose approval each page type needs before it may be public, whatever steps its workflow has.
NEEDED_APPROVALS: dict[str, tuple[str, ...]] = {"opportunity": (IT_STRATEGY, CFOB)}
#: Whose approval every other page needs.
NEEDED_BY_OTHER_PAGES = (IT_STRATEGY,)


def needed_approvals(model_name: str) -> tuple[str, ...]:
    """The groups that must have approved a page of this type, exactly as it is published.

    Args:
        model_name: In lower case, such as ``opportunity``.
    """
    return NEEDED_APPROVALS.get(model_name, NEEDED_BY_OTHER_PAGES)


def label(name: str) -> str:
    """What a group is called in the reader's language; a group that a department added keeps its name."""
    return str(LABELS.get(name, name))


@dataclass(frozen=True)
class Role:
    """What one group may do.

    ``pages`` maps a kind of page (as in ``SECTIONS``) to Wagtail's page permissions below it.
    """

    summary: str
    pages: dict[str, frozenset[str]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()


SITE, OPPORTUNITIES, PROJECTS = "site", "opportunities", "projects"

#: The page type under which a section's permissions are given, in both languages.
SECTIONS = {
    SITE: "homepage",
    OPPORTUNITIES: "opportunityindex",
    PROJECTS: "projectindex",
}

READ_FILES = frozenset({"submissions.view_solicitation"})
GLOSSARY = frozenset(f"microacq_pages.{act}_glossaryterm" for act in ("add", "change", "delete", "view"))

ROLES: dict[str, Role] = {
    CLIENT: Role(
        "Writes opportunities and follows them.",
        pages={OPPORTUNITIES: frozenset({"add"})},
        models=frozenset(
            {
                "microacq_pages.edit_source",
                "microacq_pages.view_skill",
                "microacq_pages.add_clientrequest",
                "microacq_pages.view_own_clientrequest",
                "submissions.view_own_solicitation",
                "submissions.announce_solicitation",
                "submissions.answer_own_question",
                "submissions.work_own_contract",
            }
        ),
        collections=frozenset({"add", "choose"}),
    ),
    IT_STRATEGY: Role(
        "Reviews, posts, answers, opens the file and follows it to the end.",
        pages={SITE: frozenset({"add", "change", "publish", "lock", "unlock"})},
        models=frozenset(
            {
                "microacq_pages.edit_source",
                "microacq_pages.add_skill",
                "microacq_pages.change_skill",
                "microacq_pages.delete_skill",
                "microacq_pages.view_skill",
                "submissions.add_noticetext",
                "submissions.change_noticetext",
                "submissions.delete_noticetext",
                "submissions.send_noticetext",
                "submissions.view_noticetext",
                "microacq_pages.add_clientrequest",
                "microacq_pages.view_clientrequest",
                "microacq_pages.triage_clientrequest",
                "microacq_pages.view_splittingjustification",
                "submissions.open_solicitation",
                "submissions.cancel_solicitation",
                "submissions.extend_solicitation",
                "submissions.announce_solicitation",
                "submissions.enter_proposal",
                "submissions.read_proposal",
                "submissions.identify_supplier",
                "submissions.offer_award",
                "submissions.read_award_confirmation",
                "submissions.answer_debrief",
                "submissions.download_records",
                "submissions.disclose_records",
                "submissions.work_contract",
                "submissions.concur_work",
                "submissions.view_catalogueentry",
                "submissions.change_catalogueentry",
                "submissions.confirm_contract_end",
                "submissions.settle_dispute",
                "submissions.assign_evaluator",
                "submissions.sign_off_evaluation",
                "submissions.reopen_evaluation",
                "submissions.view_evaluation",
                "submissions.redact_proposal",
                "submissions.select_supplier",
                "submissions.witness_draw",
                "submissions.view_outgoingmessage",
                "submissions.retry_outgoingmessage",
                "submissions.view_mailinglist",
                "submissions.view_surveysum",
                "submissions.add_observation",
                "submissions.view_observation",
                "submissions.restore_subscriber",
                "submissions.view_question",
                "submissions.triage_question",
                "submissions.answer_question",
                "submissions.publish_question",
            }
        )
        | READ_FILES
        | GLOSSARY,
        collections=frozenset({"add", "change", "choose"}),
    ),
    CFOB: Role(
        "Reviews every opportunity for procurement, signs evaluations off and audits the files.",
        pages={OPPORTUNITIES: frozenset({"change"})},
        models=frozenset(
            {
                "microacq_pages.view_splittingjustification",
                "microacq_pages.decide_splittingjustification",
                "submissions.countersign_award",
                "submissions.approve_invoice",
                "submissions.read_invoice",
                "submissions.confirm_contract_end",
                "submissions.settle_dispute",
                "submissions.read_award_confirmation",
                "submissions.answer_debrief",
                "submissions.download_records",
                "submissions.disclose_records",
                "submissions.view_auditentry",
                "submissions.view_surveysum",
                "submissions.view_question",
                "submissions.sign_off_evaluation",
                "submissions.reopen_evaluation",
                "submissions.view_evaluation",
                "submissions.witness_draw",
            }
        )
        | READ_FILES,
    ),
    TRANSLATOR: Role(
        "Translates pages, in either direction.",
        pages={SITE: frozenset({"change"})},
        models=frozenset(
            {
                "microacq_pages.edit_translation",
                "wagtail_localize.submit_translation",
                "submissions.change_noticetext",
                "submissions.view_noticetext",
                "submissions.change_questiontext",
                "submissions.translate_proposal",
                "microacq_pages.change_skill",
                "microacq_pages.view_skill",
            }
        )
        | GLOSSARY,
        collections=frozenset({"choose"}),
    ),
    EVALUATOR: Role(
        "Evaluates the applications assigned to them, without names.",
        models=frozenset({"submissions.evaluate_proposal"}) | READ_FILES,
    ),
    FINANCE: Role(
        "Approves invoices under section 34 and pays; sees the file.",
        models=frozenset(
            {
                "submissions.approve_invoice",
                "submissions.read_invoice",
                "submissions.pay_contract",
                "submissions.add_taxrate",
                "submissions.change_taxrate",
                "submissions.view_taxrate",
            }
        )
        | READ_FILES,
    ),
    AUDITOR: Role(
        "Reads everything that is recorded and changes nothing.",
        models=frozenset(
            {
                "microacq_pages.view_clientrequest",
                "microacq_pages.view_splittingjustification",
                "submissions.view_auditentry",
                "submissions.download_records",
                "submissions.view_catalogueentry",
                "submissions.read_invoice",
                "submissions.view_taxrate",
                "submissions.view_surveysum",
                "submissions.view_observation",
                "submissions.view_outgoingmessage",
                "submissions.view_question",
                "submissions.view_evaluation",
            }
        )
        | READ_FILES,
    ),
    IT_LEAD: Role(
        "Reassigns the work of absent staff; belongs to IT Strategy as well.",
        models=frozenset({"microacq_pages.reassign_work"}),
    ),
}

ACCESS_ADMIN = "wagtailadmin.access_admin"


@transaction.atomic
def apply() -> list[str]:
    """Make groups and permissions agree with ``ROLES``; running it again changes nothing.

    Returns:
        A line for each change made.
    """
    changes: list[str] = []
    for name, role in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            changes.append(f"{name}: created")
        changes.extend(f"{name}: {line}" for line in _apply_models(group, role))
        changes.extend(f"{name}: {line}" for line in _apply_pages(group, role))
        changes.extend(f"{name}: {line}" for line in _apply_collections(group, role))
    for name in ("Moderators", "Editors"):
        if Group.objects.filter(name=name, user=None).delete()[0]:
            changes.append(f"{name}: removed (Wagtail's own group, not used here)")
    return changes


def _apply_models(group: Group, role: Role) -> list[str]:
    wanted = {_permission(name) for name in role.models | {ACCESS_ADMIN}}
    current = set(group.permissions.all())
    group.permissions.set(wanted)
    return [f"+ {p.codename}" for p in sorted(wanted - current, key=str)] + [
        f"- {p.codename}" for p in sorted(current - wanted, key=str)
    ]


def _permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _apply_pages(group: Group, role: Role) -> list[str]:
    wanted = {
        (page.pk, Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{action}_page").pk)
        for section, actions in role.pages.items()
        for page in Page.objects.filter(content_type__model=SECTIONS[section])
        for action in actions
    }
    current = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", "permission_id"))
    for page_id, permission_id in current - wanted:
        GroupPagePermission.objects.filter(group=group, page_id=page_id, permission_id=permission_id).delete()
    for page_id, permission_id in wanted - current:
        GroupPagePermission.objects.create(group=group, page_id=page_id, permission_id=permission_id)
    return [f"+ page permission on {p}" for p, _permission_id in sorted(wanted - current)] + [
        f"- page permission on {p}" for p, _permission_id in sorted(current - wanted)
    ]


def _apply_collections(group: Group, role: Role) -> list[str]:
    root = Collection.get_first_root_node()
    wanted = set(
        Permission.objects.filter(
            content_type__app_label="wagtaildocs", codename__in=[f"{a}_document" for a in role.collections]
        ).values_list("pk", flat=True)
    )
    current = set(
        GroupCollectionPermission.objects.filter(group=group, collection=root).values_list(
            "permission_id", flat=True
        )
    )
    GroupCollectionPermission.objects.filter(group=group).exclude(
        collection=root, permission_id__in=wanted
    ).delete()
    for permission_id in wanted - current:
        GroupCollectionPermission.objects.create(group=group, collection=root, permission_id=permission_id)
    return ["documents changed"] if wanted != current else []
