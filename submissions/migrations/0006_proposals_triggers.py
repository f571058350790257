"""Nothing arrives late, nothing sent is changed or deleted, nothing is opened early (DESIGN rules 2, 3 and 5).

The clock is now(): the beginning of the transaction that the request opened first. A proposal locks its file FOR SHARE,
an opening locks it FOR UPDATE, so none slips in while a file is opened.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_proposal_takes_part(file_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    file record;
BEGIN
    SELECT state, deadline INTO file FROM submissions_solicitation WHERE id = file_id FOR SHARE;
    IF file.state IS DISTINCT FROM 'posted' OR now() >= file.deadline THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_before_deadline',
            MESSAGE = 'the file takes no applications: its deadline has passed, or it is no longer posted';
    END IF;
END $$;

CREATE FUNCTION microacq_proposal_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM microacq_proposal_takes_part(NEW.solicitation_id);
    IF NEW.posting_id IS DISTINCT FROM (
        SELECT id FROM submissions_posting
        WHERE solicitation_id = NEW.solicitation_id ORDER BY amendment DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_answers_current_posting',
            MESSAGE = 'the application does not answer what is posted now';
    END IF;
    IF NEW.state <> 'sent' OR substring(NEW.sealed FROM 1 FOR 21) <> convert_to('age-encryption.org/v1', 'UTF8') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_arrives_sealed',
            MESSAGE = 'an application arrives sealed';
    END IF;
    NEW.arrived_at := now();
    NEW.state_changed_at := NULL;
    NEW.size := octet_length(NEW.sealed);
    NEW.sealed_digest := encode(sha256(NEW.sealed), 'hex');
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_proposal_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.state_changed_at := OLD.state_changed_at;
    IF OLD.state <> 'sent' OR NEW.state NOT IN ('replaced', 'withdrawn')
        OR to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'an application stays as it was sent; it can only be replaced or withdrawn, once';
    END IF;
    PERFORM microacq_proposal_takes_part(OLD.solicitation_id);
    NEW.state_changed_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_proposal_opens() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal record;
BEGIN
    SELECT p.state, f.deadline INTO proposal
    FROM submissions_proposal p JOIN submissions_solicitation f ON f.id = p.solicitation_id
    WHERE p.id = NEW.proposal_id;
    IF proposal.state <> 'sent' OR now() <= proposal.deadline THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_opened_after_deadline',
            MESSAGE = 'an application is opened after the deadline, and only if it was neither replaced nor withdrawn';
    END IF;
    NEW.opened_at := now();
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_proposal_arrives BEFORE INSERT ON submissions_proposal
    FOR EACH ROW EXECUTE FUNCTION microacq_proposal_arrives();
CREATE TRIGGER microacq_proposal_ends BEFORE UPDATE ON submissions_proposal
    FOR EACH ROW EXECUTE FUNCTION microacq_proposal_ends();
CREATE TRIGGER microacq_proposal_kept BEFORE DELETE ON submissions_proposal
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier sent is kept');
CREATE TRIGGER microacq_proposal_not_emptied BEFORE TRUNCATE ON submissions_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier sent is kept');

CREATE TRIGGER microacq_opened_opens BEFORE INSERT ON submissions_openedproposal
    FOR EACH ROW EXECUTE FUNCTION microacq_proposal_opens();
CREATE TRIGGER microacq_opened_kept BEFORE UPDATE OR DELETE ON submissions_openedproposal
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was opened is kept as it was');
CREATE TRIGGER microacq_opened_not_emptied BEFORE TRUNCATE ON submissions_openedproposal
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was opened is kept as it was');
"""

BACKWARD = """
DROP TRIGGER microacq_opened_not_emptied ON submissions_openedproposal;
DROP TRIGGER microacq_opened_kept ON submissions_openedproposal;
DROP TRIGGER microacq_opened_opens ON submissions_openedproposal;
DROP TRIGGER microacq_proposal_not_emptied ON submissions_proposal;
DROP TRIGGER microacq_proposal_kept ON submissions_proposal;
DROP TRIGGER microacq_proposal_ends ON submissions_proposal;
DROP TRIGGER microacq_proposal_arrives ON submissions_proposal;
DROP FUNCTION microacq_proposal_opens();
DROP FUNCTION microacq_proposal_ends();
DROP FUNCTION microacq_proposal_arrives();
DROP FUNCTION microacq_proposal_takes_part(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0005_proposals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
