"""The client of a file enters nothing for its supplier, the invoice neither (rule 8): who decides for the department does
not speak for the other side."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_client_enters_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM submissions_contract c JOIN submissions_solicitation f ON f.id = c.solicitation_id
        WHERE c.id = NEW.contract_id AND f.client_id = NEW.entered_by_id
    ) THEN
        PERFORM microacq_refuse_work('client_enters_nothing', 'the client of a file enters nothing for its supplier');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_client_enters_nothing BEFORE INSERT ON submissions_enteredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_client_enters_nothing();
"""

BACKWARD = """
DROP TRIGGER microacq_client_enters_nothing ON submissions_enteredforsupplier;
DROP FUNCTION microacq_client_enters_nothing();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0065_releases_recorded")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
