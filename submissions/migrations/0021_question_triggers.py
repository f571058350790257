"""A question no longer knows the network that it came from: the passages of the gate do, for a day."""

from django.db import migrations

CHANGES = """
CREATE OR REPLACE FUNCTION microacq_question_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.solicitation_id, NEW.number, NEW.reference, NEW.language, NEW.asked_at, NEW.form_digest)
       IS DISTINCT FROM
       (OLD.solicitation_id, OLD.number, OLD.reference, OLD.language, OLD.asked_at, OLD.form_digest)
       OR NEW.original NOT IN (OLD.original, '')
       OR NEW.contact NOT IN (OLD.contact, ''){network} THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'what was asked stays as it was sent; what could tell who asked can only be erased';
    END IF;
    IF NEW.merged_into_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM submissions_question kept
        WHERE kept.id = NEW.merged_into_id AND kept.solicitation_id = NEW.solicitation_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a question is merged into another about the same file';
    END IF;
    RETURN NEW;
END $$;
"""

FORWARD = CHANGES.format(network="")
BACKWARD = CHANGES.format(network="\n       OR NEW.network_digest NOT IN (OLD.network_digest, '')")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0020_passages")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
