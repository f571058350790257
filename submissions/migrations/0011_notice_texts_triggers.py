"""A wording that was sent stays as it was: it can be ended once, and nothing else (DESIGN rule 6)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_notice_wording_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.until IS NULL AND NEW.until IS NOT NULL THEN
        OLD.until := NEW.until;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        CONSTRAINT = 'notice_wording_stays',
        MESSAGE = 'a wording of a notice is never changed or deleted, only ended';
END $$;

CREATE TRIGGER microacq_notice_wording_stays BEFORE UPDATE OR DELETE ON submissions_noticewording
    FOR EACH ROW EXECUTE FUNCTION microacq_notice_wording_stays();
"""

BACKWARD = """
DROP TRIGGER microacq_notice_wording_stays ON submissions_noticewording;
DROP FUNCTION microacq_notice_wording_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0010_notice_texts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
