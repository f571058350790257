"""A reassignment stays as it was recorded, except that it is ended once."""

from __future__ import annotations

from django.db import migrations

KEEP = """
CREATE FUNCTION microacq_reassignment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
       AND (to_jsonb(NEW) - 'ended_at' - 'ended_by_id') = (to_jsonb(OLD) - 'ended_at' - 'ended_by_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'microacq_reassignment: a reassignment is only ended, never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER microacq_reassignment_stays
    BEFORE UPDATE OR DELETE ON microacq_pages_reassignment
    FOR EACH ROW EXECUTE FUNCTION microacq_reassignment_stays();
"""

FORGET = """
DROP TRIGGER microacq_reassignment_stays ON microacq_pages_reassignment;
DROP FUNCTION microacq_reassignment_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0013_reassignments")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
