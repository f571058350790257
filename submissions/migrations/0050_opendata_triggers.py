"""A release stays as it was published; where an opportunity was announced stays too, and can be struck out once."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER microacq_release_kept BEFORE UPDATE OR DELETE ON submissions_release
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('a release stays as it was published');
CREATE TRIGGER microacq_releases_not_emptied BEFORE TRUNCATE ON submissions_release
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('a release stays as it was published');

CREATE FUNCTION microacq_mention_struck_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.struck_at IS NOT NULL
        OR to_jsonb(NEW) - 'struck_at' - 'struck_by_id' <> to_jsonb(OLD) - 'struck_at' - 'struck_by_id' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'where an opportunity was announced is struck out once and not changed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_mention_struck_out BEFORE UPDATE ON submissions_mention
    FOR EACH ROW EXECUTE FUNCTION microacq_mention_struck_out();
CREATE TRIGGER microacq_mention_kept BEFORE DELETE ON submissions_mention
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('where an opportunity was announced stays on record');
"""

BACKWARD = """
DROP TRIGGER microacq_mention_kept ON submissions_mention;
DROP TRIGGER microacq_mention_struck_out ON submissions_mention;
DROP FUNCTION microacq_mention_struck_out();
DROP TRIGGER microacq_releases_not_emptied ON submissions_release;
DROP TRIGGER microacq_release_kept ON submissions_release;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0049_opendata")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
