"""Requests, decisions and efforts are kept; what a client asked for stays as it was asked (DESIGN rules 5 and 6)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_request_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('%s on %s is refused: it is kept', lower(TG_OP), TG_TABLE_NAME);
END $$;

CREATE FUNCTION microacq_request_facts_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.title, NEW.description, NEW.team, NEW.needed_by, NEW.rough_hours, NEW.language, NEW.requester_id,
        NEW.received_at)
       IS DISTINCT FROM
       (OLD.title, OLD.description, OLD.team, OLD.needed_by, OLD.rough_hours, OLD.language, OLD.requester_id,
        OLD.received_at) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a request stays as it was made';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_request_facts BEFORE UPDATE ON microacq_pages_clientrequest
    FOR EACH ROW EXECUTE FUNCTION microacq_request_facts_kept();
CREATE TRIGGER microacq_request_kept BEFORE DELETE ON microacq_pages_clientrequest
    FOR EACH ROW EXECUTE FUNCTION microacq_request_refuse();
CREATE TRIGGER microacq_request_not_emptied BEFORE TRUNCATE ON microacq_pages_clientrequest
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_request_refuse();
CREATE TRIGGER microacq_request_decision_kept BEFORE UPDATE OR DELETE ON microacq_pages_requestdecision
    FOR EACH ROW EXECUTE FUNCTION microacq_request_refuse();
CREATE TRIGGER microacq_request_decision_not_emptied BEFORE TRUNCATE ON microacq_pages_requestdecision
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_request_refuse();
CREATE TRIGGER microacq_request_effort_kept BEFORE UPDATE OR DELETE ON microacq_pages_requesteffort
    FOR EACH ROW EXECUTE FUNCTION microacq_request_refuse();
CREATE TRIGGER microacq_request_effort_not_emptied BEFORE TRUNCATE ON microacq_pages_requesteffort
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_request_refuse();
"""

BACKWARD = """
DROP TRIGGER microacq_request_effort_not_emptied ON microacq_pages_requesteffort;
DROP TRIGGER microacq_request_effort_kept ON microacq_pages_requesteffort;
DROP TRIGGER microacq_request_decision_not_emptied ON microacq_pages_requestdecision;
DROP TRIGGER microacq_request_decision_kept ON microacq_pages_requestdecision;
DROP TRIGGER microacq_request_not_emptied ON microacq_pages_clientrequest;
DROP TRIGGER microacq_request_kept ON microacq_pages_clientrequest;
DROP TRIGGER microacq_request_facts ON microacq_pages_clientrequest;
DROP FUNCTION microacq_request_facts_kept();
DROP FUNCTION microacq_request_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0008_requests_intake")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
