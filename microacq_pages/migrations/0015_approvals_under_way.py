"""Approvals that were given before their group was recorded keep it, so that reviews under way go on."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def name_groups_of_approvals(apps: Any, schema_editor: Any) -> None:
    """Reviews under way when this is installed keep the approvals that they have."""
    TaskState = apps.get_model("wagtailcore", "TaskState")
    StepApproval = apps.get_model("microacq_pages", "StepApproval")
    approved = TaskState.objects.filter(
        status="approved", workflow_state__status="in_progress", finished_by__isnull=False
    )
    for model in ("ReviewTask", "PublicationTask", "TranslationTask"):
        for task in apps.get_model("microacq_pages", model).objects.all():
            for state in approved.filter(task_id=task.pk):
                for group in task.groups.all():
                    StepApproval.objects.get_or_create(
                        task_state=state, group=group, defaults={"approved_by_id": state.finished_by_id}
                    )


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0014_reassignment_triggers")]

    operations = [migrations.RunPython(name_groups_of_approvals, migrations.RunPython.noop)]
