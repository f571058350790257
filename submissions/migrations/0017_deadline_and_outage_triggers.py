"""What the public reads of a deadline is the file's; an outage moves dates and nothing else (DESIGN rules 2 and 4).

- ``PublicStatus`` names the number and the deadline of its file: compared at commit, whichever of the two was written.
- A posting of the kind *outage* says every word of the posting before it, but for the dates and the confirmations that
  name them: it needs no review, so it must not carry anything that does.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_status_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM microacq_pages_publicstatus status
        JOIN submissions_solicitation file USING (translation_key)
        WHERE translation_key = NEW.translation_key
          AND (status.number, status.deadline) IS DISTINCT FROM (file.number, file.deadline)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'what is public of a file names its number and its deadline';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_status_of_file AFTER INSERT OR UPDATE OF number, deadline, translation_key
    ON microacq_pages_publicstatus
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_status_of_file();
CREATE CONSTRAINT TRIGGER microacq_file_of_status AFTER INSERT OR UPDATE OF number, deadline, translation_key
    ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_status_of_file();

CREATE FUNCTION microacq_said_besides_dates(said jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(
        said -> 'en', said -> 'fr',
        (said -> 'facts') - ARRAY['deadline', 'selection_date', 'delivery_date'],
        (SELECT jsonb_agg(item ORDER BY item::text)
         FROM jsonb_array_elements(coalesce(said -> 'items', '[]')) item WHERE item ->> 'kind' <> 'confirmation')
    )
$$;
CREATE FUNCTION microacq_outage_moves_dates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb;
BEGIN
    SELECT text INTO before FROM submissions_posting
     WHERE solicitation_id = NEW.solicitation_id AND amendment < NEW.amendment ORDER BY amendment DESC LIMIT 1;
    IF before ? 'facts' AND (NEW.asks_confirmation OR
       microacq_said_besides_dates(NEW.text) IS DISTINCT FROM microacq_said_besides_dates(before)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'outage_moves_dates_alone',
            MESSAGE = 'an extension after an outage changes nothing but dates';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_outage_moves_dates BEFORE INSERT ON submissions_posting
    FOR EACH ROW WHEN (NEW.kind = 'outage') EXECUTE FUNCTION microacq_outage_moves_dates();

CREATE TRIGGER microacq_notice_wording_not_emptied BEFORE TRUNCATE ON submissions_noticewording
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was sent is kept');
CREATE TRIGGER microacq_reassignment_not_emptied BEFORE TRUNCATE ON microacq_pages_reassignment
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('who stood in for whom is kept');
"""

BACKWARD = """
DROP TRIGGER microacq_reassignment_not_emptied ON microacq_pages_reassignment;
DROP TRIGGER microacq_notice_wording_not_emptied ON submissions_noticewording;
DROP TRIGGER microacq_outage_moves_dates ON submissions_posting;
DROP FUNCTION microacq_outage_moves_dates();
DROP FUNCTION microacq_said_besides_dates(jsonb);
DROP TRIGGER microacq_file_of_status ON submissions_solicitation;
DROP TRIGGER microacq_status_of_file ON microacq_pages_publicstatus;
DROP FUNCTION microacq_status_of_file();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0016_both_languages_alike"),
        ("microacq_pages", "0019_amendments"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
