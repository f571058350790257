"""Reading and identifying become permissions of the file, so that none is left of the application itself."""

from django.db import migrations


def give_to_the_file(apps, schema_editor):
    """Move the permissions with the groups that hold them; a new site has none yet."""
    move(apps, "proposal", "solicitation")


def give_back(apps, schema_editor):
    move(apps, "solicitation", "proposal")


def move(apps, before, after):
    held = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="submissions",
        content_type__model=before,
        codename__in=["read_proposal", "identify_supplier"],
    )
    if held.exists():
        target, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="submissions", model=after
        )
        held.update(content_type=target)


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0006_proposals_triggers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="proposal",
            options={
                "default_permissions": (),
                "ordering": ["receipt_number"],
                "verbose_name": "application",
                "verbose_name_plural": "applications",
            },
        ),
        migrations.AlterModelOptions(
            name="solicitation",
            options={
                "default_permissions": ("view",),
                "ordering": ("-year", "-sequence"),
                "permissions": (
                    ("view_own_solicitation", "Can view the files of one’s own opportunities"),
                    ("open_solicitation", "Can open the proposals of a file after its deadline"),
                    ("cancel_solicitation", "Can cancel a file, with a reason"),
                    ("read_proposal", "Can read opened applications"),
                    ("identify_supplier", "Can see who sent an opened application"),
                ),
                "verbose_name": "procurement file",
                "verbose_name_plural": "procurement files",
            },
        ),
        migrations.RunPython(give_to_the_file, give_back),
    ]
