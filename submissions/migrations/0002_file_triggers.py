"""What was posted stays as it was posted; files are never deleted (DESIGN rules 4 and 5)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('%s on %s is refused: %s', lower(TG_OP), TG_TABLE_NAME, TG_ARGV[0]);
END $$;

CREATE TRIGGER microacq_posting_kept BEFORE UPDATE OR DELETE ON submissions_posting
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was posted is kept');
CREATE TRIGGER microacq_posting_not_emptied BEFORE TRUNCATE ON submissions_posting
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was posted is kept');
CREATE TRIGGER microacq_item_kept BEFORE UPDATE OR DELETE ON submissions_posteditem
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was posted is kept');
CREATE TRIGGER microacq_item_not_emptied BEFORE TRUNCATE ON submissions_posteditem
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was posted is kept');
CREATE TRIGGER microacq_file_kept BEFORE DELETE ON submissions_solicitation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('a procurement file is never deleted');
CREATE TRIGGER microacq_file_not_emptied BEFORE TRUNCATE ON submissions_solicitation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('a procurement file is never deleted');

CREATE FUNCTION microacq_file_facts_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.year, NEW.sequence, NEW.translation_key, NEW.price, NEW.licence, NEW.posted_at)
       IS DISTINCT FROM
       (OLD.number, OLD.year, OLD.sequence, OLD.translation_key, OLD.price, OLD.licence, OLD.posted_at) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'the number and the facts of a file stay as they were posted';
    END IF;
    IF NEW.deadline < OLD.deadline THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'the deadline of a file can only be moved later';
    END IF;
    IF OLD.state <> 'posted' AND NEW.state = 'posted' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a file does not return to the state posted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_file_facts BEFORE UPDATE ON submissions_solicitation
    FOR EACH ROW EXECUTE FUNCTION microacq_file_facts_kept();
"""

BACKWARD = """
DROP TRIGGER microacq_file_facts ON submissions_solicitation;
DROP FUNCTION microacq_file_facts_kept();
DROP TRIGGER microacq_file_not_emptied ON submissions_solicitation;
DROP TRIGGER microacq_file_kept ON submissions_solicitation;
DROP TRIGGER microacq_item_not_emptied ON submissions_posteditem;
DROP TRIGGER microacq_item_kept ON submissions_posteditem;
DROP TRIGGER microacq_posting_not_emptied ON submissions_posting;
DROP TRIGGER microacq_posting_kept ON submissions_posting;
DROP FUNCTION microacq_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
