"""Offers, acceptances and awards obey the table, the clock and the separation of duties (DESIGN rules 2, 5, 7, 8, 9).

- An offer is made while the file is selected, to an application of that file that was opened.
- Of an offer only its state, the reason and the reminder change, as the state table says: accepted before the time limit with
  what was accepted kept, lapsed after it, awarded with the second signature kept.
- An acceptance arrives while the offer waits, before its time limit, for the price and the date of the offer.
- The second signature is of another person than who selected or made the offer; of a government employee it needs
  the confirmation. A file is awarded only with it, at the end of the transaction.
- All of it is kept, and so is what suppliers wrote after the result and what staff answered.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_offer_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
BEGIN
    SELECT state, price, delivery_date INTO file
    FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    IF file.state <> 'selected' OR NEW.state <> 'offered' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_while_selected',
            MESSAGE = 'the work is offered while a supplier is selected';
    END IF;
    IF (NEW.price, NEW.delivery_date) IS DISTINCT FROM (file.price, file.delivery_date) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_as_posted',
            MESSAGE = 'the work is offered for the price and the delivery date that were posted';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM submissions_proposal p JOIN submissions_openedproposal o ON o.proposal_id = p.id
        WHERE p.id = NEW.proposal_id AND p.solicitation_id = NEW.solicitation_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_to_an_opened_application',
            MESSAGE = 'the work is offered to the supplier of an opened application to this file';
    END IF;
    NEW.made_at := now();
    NEW.changed_at := now();
    NEW.reminded := false;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_made BEFORE INSERT ON submissions_offer
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_made();

CREATE FUNCTION microacq_offer_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,changed_at,locked_reason,declined_for,reminded}'::text[]
       <> to_jsonb(OLD) - '{state,changed_at,locked_reason,declined_for,reminded}'::text[] THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', MESSAGE = 'an offer stays as it was made';
    END IF;
    NEW.changed_at := OLD.changed_at;
    IF NEW.state = OLD.state THEN
        IF (NEW.locked_reason, NEW.declined_for) IS DISTINCT FROM (OLD.locked_reason, OLD.declined_for)
           OR (OLD.reminded AND NOT NEW.reminded) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the reason of an offer stays as it was given';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT (
        (OLD.state = 'offered' AND NEW.state = 'accepted' AND now() < OLD.expires_at
            AND EXISTS (SELECT 1 FROM submissions_acceptance WHERE offer_id = OLD.id))
        OR (OLD.state = 'offered' AND NEW.state = 'lapsed' AND now() >= OLD.expires_at)
        OR (OLD.state = 'accepted' AND NEW.state = 'awarded'
            AND EXISTS (SELECT 1 FROM submissions_award WHERE offer_id = OLD.id))
        OR (OLD.state IN ('offered', 'accepted') AND NEW.state IN ('declined', 'not_eligible', 'voided')
            AND NOT EXISTS (SELECT 1 FROM submissions_award WHERE offer_id = OLD.id))
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offer_moves_as_the_table_says',
            MESSAGE = format('an offer does not go from %s to %s now', OLD.state, NEW.state);
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_moves BEFORE UPDATE ON submissions_offer
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_moves();

CREATE FUNCTION microacq_offer_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    offer record;
BEGIN
    SELECT state, expires_at, price, delivery_date INTO offer
    FROM submissions_offer WHERE id = NEW.offer_id FOR UPDATE;
    IF offer.state <> 'offered' OR now() >= offer.expires_at THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_before_the_limit',
            MESSAGE = 'an offer is accepted while it waits, before its time limit';
    END IF;
    IF (NEW.price, NEW.delivery_date) IS DISTINCT FROM (offer.price, offer.delivery_date) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_of_what_was_offered',
            MESSAGE = 'what is accepted is what was offered';
    END IF;
    NEW.accepted_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_accepted BEFORE INSERT ON submissions_acceptance
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_accepted();

CREATE FUNCTION microacq_offer_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    offer record;
    acceptance record;
BEGIN
    SELECT state, made_by_id, selectors INTO offer
    FROM submissions_offer WHERE id = NEW.offer_id FOR UPDATE;
    SELECT price, delivery_date, is_government_employee INTO acceptance
    FROM submissions_acceptance WHERE offer_id = NEW.offer_id;
    IF offer.state <> 'accepted' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'award_after_acceptance',
            MESSAGE = 'the department signs what the supplier has accepted';
    END IF;
    IF NEW.countersigned_by_id = offer.made_by_id OR NEW.countersigned_by_id = ANY (offer.selectors) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'award_signed_by_another',
            MESSAGE = 'another person signs than who selected or made the offer';
    END IF;
    IF acceptance.is_government_employee
       AND NOT EXISTS (SELECT 1 FROM submissions_employeeconfirmation WHERE offer_id = NEW.offer_id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'award_with_the_confirmation',
            MESSAGE = 'the confirmation of a government employee is missing';
    END IF;
    IF (NEW.value, NEW.delivery_date) IS DISTINCT FROM (acceptance.price, acceptance.delivery_date) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'award_of_what_was_accepted',
            MESSAGE = 'what is awarded is what was accepted';
    END IF;
    NEW.countersigned_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_signed BEFORE INSERT ON submissions_award
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_signed();

CREATE FUNCTION microacq_file_awarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_award a JOIN submissions_offer o ON o.id = a.offer_id
        WHERE o.solicitation_id = NEW.id AND o.state = 'awarded'
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'file_awarded_with_both_signatures',
            MESSAGE = 'a file is awarded only with both signatures';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_file_awarded AFTER UPDATE OF state ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'awarded') EXECUTE FUNCTION microacq_file_awarded();

CREATE FUNCTION microacq_award_moment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'received_at' THEN NEW.received_at := now(); ELSE NEW.answered_at := now(); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_confirmation_received BEFORE INSERT ON submissions_employeeconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_award_moment('received_at');
CREATE TRIGGER microacq_debrief_received BEFORE INSERT ON submissions_debriefrequest
    FOR EACH ROW EXECUTE FUNCTION microacq_award_moment('received_at');
CREATE TRIGGER microacq_debrief_answered BEFORE INSERT ON submissions_debriefanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_award_moment('answered_at');

CREATE TRIGGER microacq_offer_kept BEFORE DELETE ON submissions_offer
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('offers are kept');
CREATE TRIGGER microacq_offer_not_emptied BEFORE TRUNCATE ON submissions_offer
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('offers are kept');
CREATE TRIGGER microacq_acceptance_kept BEFORE UPDATE OR DELETE ON submissions_acceptance
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier accepted is kept');
CREATE TRIGGER microacq_acceptance_not_emptied BEFORE TRUNCATE ON submissions_acceptance
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier accepted is kept');
CREATE TRIGGER microacq_employee_kept BEFORE UPDATE OR DELETE ON submissions_employeeconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier attached is kept');
CREATE TRIGGER microacq_employee_not_emptied BEFORE TRUNCATE ON submissions_employeeconfirmation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier attached is kept');
CREATE TRIGGER microacq_award_kept BEFORE UPDATE OR DELETE ON submissions_award
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('awards are kept');
CREATE TRIGGER microacq_award_not_emptied BEFORE TRUNCATE ON submissions_award
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('awards are kept');
CREATE TRIGGER microacq_debrief_kept BEFORE UPDATE OR DELETE ON submissions_debriefrequest
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier wrote is kept');
CREATE TRIGGER microacq_debrief_not_emptied BEFORE TRUNCATE ON submissions_debriefrequest
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier wrote is kept');
CREATE TRIGGER microacq_debrief_answer_kept BEFORE UPDATE OR DELETE ON submissions_debriefanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was answered is kept');
CREATE TRIGGER microacq_debrief_answer_not_emptied BEFORE TRUNCATE ON submissions_debriefanswer
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was answered is kept');
"""

BACKWARD = """
DROP TRIGGER microacq_debrief_answer_not_emptied ON submissions_debriefanswer;
DROP TRIGGER microacq_debrief_answer_kept ON submissions_debriefanswer;
DROP TRIGGER microacq_debrief_not_emptied ON submissions_debriefrequest;
DROP TRIGGER microacq_debrief_kept ON submissions_debriefrequest;
DROP TRIGGER microacq_award_not_emptied ON submissions_award;
DROP TRIGGER microacq_award_kept ON submissions_award;
DROP TRIGGER microacq_employee_not_emptied ON submissions_employeeconfirmation;
DROP TRIGGER microacq_employee_kept ON submissions_employeeconfirmation;
DROP TRIGGER microacq_acceptance_not_emptied ON submissions_acceptance;
DROP TRIGGER microacq_acceptance_kept ON submissions_acceptance;
DROP TRIGGER microacq_offer_not_emptied ON submissions_offer;
DROP TRIGGER microacq_offer_kept ON submissions_offer;
DROP TRIGGER microacq_debrief_answered ON submissions_debriefanswer;
DROP TRIGGER microacq_debrief_received ON submissions_debriefrequest;
DROP TRIGGER microacq_confirmation_received ON submissions_employeeconfirmation;
DROP FUNCTION microacq_award_moment();
DROP TRIGGER microacq_file_awarded ON submissions_solicitation;
DROP FUNCTION microacq_file_awarded();
DROP TRIGGER microacq_offer_signed ON submissions_award;
DROP FUNCTION microacq_offer_signed();
DROP TRIGGER microacq_offer_accepted ON submissions_acceptance;
DROP FUNCTION microacq_offer_accepted();
DROP TRIGGER microacq_offer_moves ON submissions_offer;
DROP FUNCTION microacq_offer_moves();
DROP TRIGGER microacq_offer_made ON submissions_offer;
DROP FUNCTION microacq_offer_made();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0039_offers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
