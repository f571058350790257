"""What staff enter for a supplier, and translations of reasons, stay as they were made and obey the rules of each.

- An answer to a question is entered by somebody who does not evaluate the file, for an application that staff entered, in
  the transaction in which it is kept; the rule about its time limit holds as for every answer.
- An answer to an offer is entered in the transaction in which the offer was accepted or declined, for an application that
  staff entered; it was signed, written or said after the offer was made. Who entered the acceptance does not sign the
  award for the department.
- A translation of reasons is asked for once the evaluation is signed off, and written once, by nobody who evaluated.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_answered_for_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_clarification q
        JOIN submissions_candidate c ON c.id = q.candidate_id
        JOIN submissions_proposal p ON p.id = c.proposal_id
        WHERE q.id = NEW.clarification_id AND q.answered_at = now() AND p.entered_by_id IS NOT NULL
          AND NEW.taken_at <= now()
          AND NOT EXISTS (
              SELECT FROM submissions_assignment a WHERE a.round_id = c.round_id AND a.evaluator_id = NEW.entered_by_id
          )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'answered_for_with_the_answer',
            MESSAGE = 'an answer is entered for a supplier whom staff entered, by nobody who evaluates the file';
    END IF;
    NEW.entered_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_answered_for_supplier BEFORE INSERT ON submissions_answeredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_answered_for_supplier();
CREATE TRIGGER microacq_answered_for_kept BEFORE UPDATE OR DELETE ON submissions_answeredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('how an answer came is kept');
CREATE TRIGGER microacq_answered_for_not_emptied BEFORE TRUNCATE ON submissions_answeredforsupplier
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('how an answer came is kept');

CREATE FUNCTION microacq_offer_answered_for() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_offer o JOIN submissions_proposal p ON p.id = o.proposal_id
        WHERE o.id = NEW.offer_id AND o.state = NEW.what AND o.changed_at = now() AND p.entered_by_id IS NOT NULL
          AND NEW.taken_at BETWEEN date_trunc('minute', o.made_at) AND now()
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_answered_for_with_the_answer',
            MESSAGE = 'an answer to an offer is entered for a supplier whom staff entered, after the offer was made';
    END IF;
    NEW.entered_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_answered_for BEFORE INSERT ON submissions_offeransweredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_answered_for();
CREATE TRIGGER microacq_offer_answered_for_kept BEFORE UPDATE OR DELETE ON submissions_offeransweredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('how an answer came is kept');
CREATE TRIGGER microacq_offer_answered_for_not_emptied BEFORE TRUNCATE ON submissions_offeransweredforsupplier
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('how an answer came is kept');

CREATE FUNCTION microacq_award_not_by_who_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM submissions_offeransweredforsupplier
        WHERE offer_id = NEW.offer_id AND entered_by_id = NEW.countersigned_by_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'award_signed_by_another',
            MESSAGE = 'another person signs than who entered the acceptance for the supplier';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_award_not_by_who_entered BEFORE INSERT ON submissions_award
    FOR EACH ROW EXECUTE FUNCTION microacq_award_not_by_who_entered();

CREATE FUNCTION microacq_reasons_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.translated_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM submissions_candidate c JOIN submissions_round r ON r.id = c.round_id
        WHERE c.id = NEW.candidate_id AND r.state = 'signed'
    ) THEN
        PERFORM microacq_evaluation_refuses(
            'reasons_requested_once_signed', 'reasons are translated once the evaluation is signed off');
    END IF;
    NEW.requested_at := now();
    RETURN NEW;
END $$;
CREATE FUNCTION microacq_reasons_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'locked_texts' - 'translated_at' - 'translated_by_id'
       <> to_jsonb(OLD) - 'locked_texts' - 'translated_at' - 'translated_by_id'
       OR OLD.translated_at IS NOT NULL OR NEW.translated_at IS NULL
       OR EXISTS (
           SELECT FROM submissions_candidate c JOIN submissions_assignment a ON a.round_id = c.round_id
           WHERE c.id = OLD.candidate_id AND a.evaluator_id = NEW.translated_by_id
       ) THEN
        PERFORM microacq_evaluation_refuses(
            'reasons_written_once', 'a translation of reasons is written once, by nobody who evaluated');
    END IF;
    NEW.translated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_reasons_requested BEFORE INSERT ON submissions_translatedreasons
    FOR EACH ROW EXECUTE FUNCTION microacq_reasons_requested();
CREATE TRIGGER microacq_reasons_written BEFORE UPDATE ON submissions_translatedreasons
    FOR EACH ROW EXECUTE FUNCTION microacq_reasons_written();
CREATE TRIGGER microacq_reasons_kept BEFORE DELETE ON submissions_translatedreasons
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier read is kept');
CREATE TRIGGER microacq_reasons_not_emptied BEFORE TRUNCATE ON submissions_translatedreasons
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier read is kept');
"""

BACKWARD = """
DROP TRIGGER microacq_reasons_not_emptied ON submissions_translatedreasons;
DROP TRIGGER microacq_reasons_kept ON submissions_translatedreasons;
DROP TRIGGER microacq_reasons_written ON submissions_translatedreasons;
DROP TRIGGER microacq_reasons_requested ON submissions_translatedreasons;
DROP FUNCTION microacq_reasons_written();
DROP FUNCTION microacq_reasons_requested();
DROP TRIGGER microacq_award_not_by_who_entered ON submissions_award;
DROP FUNCTION microacq_award_not_by_who_entered();
DROP TRIGGER microacq_offer_answered_for_not_emptied ON submissions_offeransweredforsupplier;
DROP TRIGGER microacq_offer_answered_for_kept ON submissions_offeransweredforsupplier;
DROP TRIGGER microacq_offer_answered_for ON submissions_offeransweredforsupplier;
DROP FUNCTION microacq_offer_answered_for();
DROP TRIGGER microacq_answered_for_not_emptied ON submissions_answeredforsupplier;
DROP TRIGGER microacq_answered_for_kept ON submissions_answeredforsupplier;
DROP TRIGGER microacq_answered_for_supplier ON submissions_answeredforsupplier;
DROP FUNCTION microacq_answered_for_supplier();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0041_openings_answers_reasons")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
