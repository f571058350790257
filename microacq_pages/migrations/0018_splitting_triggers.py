"""A justification of contract splitting is kept: never deleted, its text never changed, decided once."""

from django.db import migrations

KEEP = """
CREATE FUNCTION microacq_splitting_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'splitting_justification_kept: a justification is never deleted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.decision <> ''
        OR (OLD.id, OLD.translation_key, OLD.title, OLD.text, OLD.found, OLD.digest, OLD.sum_with_tax,
            OLD.written_by_id, OLD.written_at)
        IS DISTINCT FROM
           (NEW.id, NEW.translation_key, NEW.title, NEW.text, NEW.found, NEW.digest, NEW.sum_with_tax,
            NEW.written_by_id, NEW.written_at)
    THEN
        RAISE EXCEPTION 'splitting_justification_kept: a justification is decided once and otherwise never changed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER splitting_justification_kept
BEFORE UPDATE OR DELETE ON microacq_pages_splittingjustification
FOR EACH ROW EXECUTE FUNCTION microacq_splitting_kept();

CREATE TRIGGER splitting_justification_not_truncated
BEFORE TRUNCATE ON microacq_pages_splittingjustification
FOR EACH STATEMENT EXECUTE FUNCTION microacq_splitting_kept();
"""

FORGET = """
DROP TRIGGER splitting_justification_kept ON microacq_pages_splittingjustification;
DROP TRIGGER splitting_justification_not_truncated ON microacq_pages_splittingjustification;
DROP FUNCTION microacq_splitting_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0017_splitting_tables")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
