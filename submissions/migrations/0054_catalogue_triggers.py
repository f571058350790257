"""An entry of the catalogue is never deleted, and what was contracted stays as it was (DESIGN rules 4, 5)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.contract_id, NEW.number, NEW.translation_key, NEW.project_key, NEW.licence, NEW.repository, NEW.commit,
        NEW.created_on, NEW.completed_at)
       IS DISTINCT FROM (OLD.contract_id, OLD.number, OLD.translation_key, OLD.project_key, OLD.licence, OLD.repository,
        OLD.commit, OLD.created_on, OLD.completed_at) THEN
        PERFORM microacq_refuse_work('entry_as_contracted', 'licence, repository and days of an entry stay as contracted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_entry_stays BEFORE UPDATE ON submissions_catalogueentry
    FOR EACH ROW EXECUTE FUNCTION microacq_entry_stays();
CREATE TRIGGER microacq_entry_kept BEFORE DELETE ON submissions_catalogueentry
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('entries of the catalogue are kept');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON submissions_catalogueentry
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('entries of the catalogue are kept');
"""

BACKWARD = """
DROP TRIGGER microacq_not_emptied ON submissions_catalogueentry;
DROP TRIGGER microacq_entry_kept ON submissions_catalogueentry;
DROP TRIGGER microacq_entry_stays ON submissions_catalogueentry;
DROP FUNCTION microacq_entry_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0053_catalogue")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
