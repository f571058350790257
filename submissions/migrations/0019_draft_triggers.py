"""A draft is of a file that takes applications, is sealed, stays small, and belongs to one link (DESIGN rules 2 and 3).

``saved_at`` and ``version`` are the database's. A draft can be deleted: it was never sent. A reminder is written once.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_draft_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_solicitation
        WHERE id = NEW.solicitation_id AND state = 'posted' AND now() < deadline
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'draft_before_deadline',
            MESSAGE = 'the file takes no applications: its deadline has passed, or it is no longer posted';
    END IF;
    IF substring(NEW.sealed FROM 1 FOR 21) <> convert_to('age-encryption.org/v1', 'UTF8') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'draft_is_sealed',
            MESSAGE = 'a draft is kept sealed';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.created_at := now();
        NEW.saved_at := now();
        NEW.reminded_at := NULL;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.solicitation_id, NEW.link_digest, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.solicitation_id, OLD.link_digest, OLD.created_at)
        OR OLD.reminded_at IS NOT NULL AND NEW.reminded_at IS DISTINCT FROM OLD.reminded_at THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'draft_keeps_its_link',
            MESSAGE = 'a draft stays with its file and its link, and is reminded of once';
    END IF;
    NEW.version := OLD.version;
    NEW.saved_at := OLD.saved_at;
    IF NEW.sealed IS DISTINCT FROM OLD.sealed THEN
        NEW.version := OLD.version + 1;
        NEW.saved_at := now();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_draft_is_kept BEFORE INSERT OR UPDATE ON submissions_draft
    FOR EACH ROW EXECUTE FUNCTION microacq_draft_is_kept();
ALTER TABLE submissions_draft ADD CONSTRAINT draft_size_limit CHECK (octet_length(sealed) <= 262144);
"""

BACKWARD = """
ALTER TABLE submissions_draft DROP CONSTRAINT draft_size_limit;
DROP TRIGGER microacq_draft_is_kept ON submissions_draft;
DROP FUNCTION microacq_draft_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0018_drafts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
