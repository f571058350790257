"""A file changes by amendment only; a proposal that does not answer what counts is not opened (DESIGN rules 2, 4 and 7).

- A posting is numbered one after the other, while the file is posted; after the deadline only for an outage.
- The facts of a file change only to what its last posting says; the deadline only later.
- A confirmation is for the last posting, before the deadline, of a proposal that takes part. It locks the file FOR SHARE
  as an arrival does; a posting locks it FOR UPDATE as an opening does.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_posting_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
    last integer;
BEGIN
    SELECT state, deadline INTO file FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    SELECT max(amendment) INTO last FROM submissions_posting WHERE solicitation_id = NEW.solicitation_id;
    IF NEW.amendment <> coalesce(last + 1, 0) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'posting_numbered_in_order',
            MESSAGE = 'amendments are numbered one after the other';
    END IF;
    IF NEW.amendment > 0 AND file.state <> 'posted' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'amendment_of_a_posted_file',
            MESSAGE = 'only a file that is posted and not opened can be amended';
    END IF;
    IF NEW.amendment > 0 AND NEW.kind <> 'outage' AND now() >= file.deadline THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'amendment_before_deadline',
            MESSAGE = 'after the deadline a file can only be extended because of an outage';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_posting_arrives BEFORE INSERT ON submissions_posting
    FOR EACH ROW EXECUTE FUNCTION microacq_posting_arrives();

CREATE OR REPLACE FUNCTION microacq_file_facts_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    IF (NEW.number, NEW.year, NEW.sequence, NEW.translation_key, NEW.posted_at, NEW.follows_id)
       IS DISTINCT FROM
       (OLD.number, OLD.year, OLD.sequence, OLD.translation_key, OLD.posted_at, OLD.follows_id) THEN
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
    IF (NEW.title_en, NEW.title_fr, NEW.price, NEW.licence, NEW.repository, NEW.deadline, NEW.selection_date,
        NEW.delivery_date)
       IS DISTINCT FROM
       (OLD.title_en, OLD.title_fr, OLD.price, OLD.licence, OLD.repository, OLD.deadline, OLD.selection_date,
        OLD.delivery_date) THEN
        SELECT amendment, kind, text INTO last FROM submissions_posting
         WHERE solicitation_id = NEW.id ORDER BY amendment DESC LIMIT 1;
        IF last.amendment IS NULL OR last.amendment = 0 OR NEW.state <> 'posted' OR OLD.state <> 'posted' THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'the facts of a file change by amendment only';
        END IF;
        IF now() >= OLD.deadline AND last.kind <> 'outage' THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'after the deadline a file can only be extended because of an outage';
        END IF;
        IF (NEW.title_en, NEW.title_fr, NEW.price, NEW.licence, NEW.repository, NEW.deadline, NEW.selection_date,
            NEW.delivery_date)
           IS DISTINCT FROM
           (last.text #>> '{en,title}', last.text #>> '{fr,title}', (last.text #>> '{facts,price}')::numeric,
            last.text #>> '{facts,licence}', last.text #>> '{facts,repository}',
            (last.text #>> '{facts,deadline}')::timestamptz, (last.text #>> '{facts,selection_date}')::date,
            (last.text #>> '{facts,delivery_date}')::date) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'the facts of a file are those of its last posting';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_proposal_confirms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal record;
BEGIN
    SELECT solicitation_id, state INTO proposal FROM submissions_proposal WHERE id = NEW.proposal_id;
    PERFORM microacq_proposal_takes_part(proposal.solicitation_id);
    IF proposal.state <> 'sent' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'proposal_confirmed_while_sent',
            MESSAGE = 'only an application that takes part can be confirmed';
    END IF;
    IF NEW.posting_id IS DISTINCT FROM (
        SELECT id FROM submissions_posting
        WHERE solicitation_id = proposal.solicitation_id ORDER BY amendment DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'proposal_answers_current_posting',
            MESSAGE = 'the confirmation is not for what is posted now';
    END IF;
    NEW.confirmed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_confirmation_arrives BEFORE INSERT ON submissions_proposalconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_proposal_confirms();
CREATE TRIGGER microacq_confirmation_kept BEFORE UPDATE OR DELETE ON submissions_proposalconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier confirmed is kept');
CREATE TRIGGER microacq_confirmation_not_emptied BEFORE TRUNCATE ON submissions_proposalconfirmation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier confirmed is kept');

CREATE OR REPLACE FUNCTION microacq_proposal_opens() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal record;
BEGIN
    SELECT p.state, p.solicitation_id, own.amendment, f.deadline INTO proposal
    FROM submissions_proposal p
    JOIN submissions_solicitation f ON f.id = p.solicitation_id
    JOIN submissions_posting own ON own.id = p.posting_id
    WHERE p.id = NEW.proposal_id;
    IF proposal.state <> 'sent' OR now() <= proposal.deadline THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_opened_after_deadline',
            MESSAGE = 'an application is opened after the deadline, and only if it was neither replaced nor withdrawn';
    END IF;
    IF EXISTS (
        SELECT 1 FROM submissions_posting asked
        WHERE asked.solicitation_id = proposal.solicitation_id AND asked.asks_confirmation
          AND asked.amendment > proposal.amendment
          AND NOT EXISTS (
            SELECT 1 FROM submissions_proposalconfirmation c JOIN submissions_posting confirmed ON confirmed.id = c.posting_id
            WHERE c.proposal_id = NEW.proposal_id AND confirmed.amendment >= asked.amendment
          )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_answers_what_counts',
            MESSAGE = 'an application that was neither confirmed nor replaced after an amendment is set aside';
    END IF;
    NEW.opened_at := now();
    RETURN NEW;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION microacq_proposal_opens() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION microacq_file_facts_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP TRIGGER microacq_confirmation_not_emptied ON submissions_proposalconfirmation;
DROP TRIGGER microacq_confirmation_kept ON submissions_proposalconfirmation;
DROP TRIGGER microacq_confirmation_arrives ON submissions_proposalconfirmation;
DROP FUNCTION microacq_proposal_confirms();
DROP TRIGGER microacq_posting_arrives ON submissions_posting;
DROP FUNCTION microacq_posting_arrives();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0014_amendments")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
