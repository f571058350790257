"""No verdict before its evaluator attested, none after handing in or the sign-off; who evaluated does not sign off.

- A round moves along its table (``evaluation/states.py``) and never otherwise; it is handed in whole, submitted only
  where no difference is left without an agreed verdict, and signed by another person than its evaluators and the client.
- A round that was signed off changes no more, but for being voided with a reason.
- File and round never differ at commit: what comes after the evaluation needs a round that is signed off.
- Nothing is deleted.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_evaluation_refuses(rule text, words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = words;
END $$;

-- rounds ------------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_round_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_state text;
BEGIN
    SELECT state INTO file_state FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR SHARE;
    IF file_state <> 'opened' OR NEW.state <> 'working' THEN
        PERFORM microacq_evaluation_refuses('round_begins_after_opening', 'an evaluation begins once its file is opened');
    END IF;
    IF NOT EXISTS (
        SELECT FROM submissions_posting WHERE id = NEW.posting_id AND solicitation_id = NEW.solicitation_id
    ) THEN
        PERFORM microacq_evaluation_refuses('round_of_its_file', 'an evaluation is of what its own file posted');
    END IF;
    NEW.begun_at := now();
    NEW.changed_at := now();
    RETURN NEW;
END $$;

-- Verdicts that are still missing: every one who counts gives one for each application and criterion.
CREATE FUNCTION microacq_round_is_whole(of_round bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH counting AS (
        SELECT id, handed_in_at FROM submissions_assignment WHERE round_id = of_round AND ended = ''
    ), wanted AS (
        SELECT (SELECT count(*) FROM counting)
             * (SELECT count(*) FROM submissions_candidate WHERE round_id = of_round)
             * (SELECT count(*) FROM submissions_posteditem item JOIN submissions_round r ON r.posting_id = item.posting_id
                WHERE r.id = of_round AND item.kind = 'evaluation') AS verdicts
    )
    SELECT (SELECT verdicts FROM wanted) > 0
       AND NOT EXISTS (SELECT FROM counting WHERE handed_in_at IS NULL)
       AND (SELECT count(*) FROM submissions_verdict v JOIN counting ON counting.id = v.assignment_id
            WHERE v.passed IS NOT NULL) = (SELECT verdicts FROM wanted)
       AND (SELECT count(*) FROM submissions_candidate WHERE round_id = of_round) = (
            SELECT count(*) FROM submissions_openedproposal o JOIN submissions_proposal p ON p.id = o.proposal_id
            JOIN submissions_round r ON r.solicitation_id = p.solicitation_id WHERE r.id = of_round)
$$;

CREATE FUNCTION microacq_round_is_settled(of_round bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM submissions_verdict v JOIN submissions_assignment a ON a.id = v.assignment_id
        WHERE a.round_id = of_round AND a.ended = ''
          AND NOT EXISTS (
              SELECT FROM submissions_consensus c
              WHERE c.candidate_id = v.candidate_id AND c.item_id = v.item_id AND c.passed IS NOT NULL)
        GROUP BY v.candidate_id, v.item_id HAVING count(DISTINCT v.passed) > 1
    )
$$;

CREATE FUNCTION microacq_round_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.solicitation_id, NEW.posting_id, NEW.number, NEW.begun_at)
       IS DISTINCT FROM (OLD.solicitation_id, OLD.posting_id, OLD.number, OLD.begun_at)
       OR (OLD.state || '>' || NEW.state) NOT IN (
           'working>agreeing', 'working>submitted', 'agreeing>submitted', 'submitted>working', 'submitted>agreeing',
           'submitted>signed', 'signed>voided') THEN
        PERFORM microacq_evaluation_refuses('round_moves_along_its_table', 'an evaluation moves as its table says');
    END IF;
    IF OLD.state = 'working' AND NOT microacq_round_is_whole(OLD.id) THEN
        PERFORM microacq_evaluation_refuses(
            'round_handed_in_whole', 'an evaluation is handed in with every verdict of every evaluator');
    END IF;
    IF NEW.state = 'submitted' AND NOT microacq_round_is_settled(OLD.id) THEN
        PERFORM microacq_evaluation_refuses('round_settled', 'where evaluators differ an agreed verdict is needed');
    END IF;
    IF OLD.state = 'agreeing' AND EXISTS (
        SELECT FROM submissions_assignment WHERE round_id = OLD.id AND ended = '' AND agreed_at IS NULL
    ) THEN
        PERFORM microacq_evaluation_refuses('round_agreed_by_all', 'every evaluator agrees before an evaluation is submitted');
    END IF;
    IF OLD.state = 'submitted' AND NEW.state IN ('working', 'agreeing') AND NEW.sent_back_reason !~ '\\S' THEN
        PERFORM microacq_evaluation_refuses('round_sent_back_with_a_reason', 'an evaluation is sent back with a reason');
    END IF;
    IF NEW.state = 'signed' THEN
        IF EXISTS (SELECT FROM submissions_assignment WHERE round_id = OLD.id AND evaluator_id = NEW.signed_by_id)
           OR EXISTS (
               SELECT FROM submissions_solicitation WHERE id = OLD.solicitation_id AND client_id = NEW.signed_by_id
           ) THEN
            PERFORM microacq_evaluation_refuses(
                'round_signed_by_another', 'neither an evaluator nor the author signs an evaluation off');
        END IF;
        NEW.signed_at := now();
    ELSIF NEW.state = 'voided' THEN
        IF (NEW.signed_by_id, NEW.signed_at, NEW.digest) IS DISTINCT FROM (OLD.signed_by_id, OLD.signed_at, OLD.digest) THEN
            PERFORM microacq_evaluation_refuses('round_signature_kept', 'who signed an evaluation off stays on record');
        END IF;
        NEW.voided_at := now();
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_round_begins BEFORE INSERT ON submissions_round
    FOR EACH ROW EXECUTE FUNCTION microacq_round_begins();
CREATE TRIGGER microacq_round_moves BEFORE UPDATE ON submissions_round
    FOR EACH ROW EXECUTE FUNCTION microacq_round_moves();
CREATE TRIGGER microacq_round_kept BEFORE DELETE ON submissions_round
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('an evaluation is kept');
CREATE TRIGGER microacq_round_not_emptied BEFORE TRUNCATE ON submissions_round
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('an evaluation is kept');

-- applications in a round -------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_candidate_joins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_round r
        JOIN submissions_proposal p ON p.solicitation_id = r.solicitation_id
        JOIN submissions_openedproposal o ON o.proposal_id = p.id
        WHERE r.id = NEW.round_id AND r.state = 'working' AND p.id = NEW.proposal_id
    ) THEN
        PERFORM microacq_evaluation_refuses(
            'candidate_was_opened', 'only what was opened of a file is evaluated, from the beginning of its round');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_candidate_joins BEFORE INSERT ON submissions_candidate
    FOR EACH ROW EXECUTE FUNCTION microacq_candidate_joins();
CREATE TRIGGER microacq_candidate_kept BEFORE UPDATE OR DELETE ON submissions_candidate
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what is evaluated stays as it was listed');
CREATE TRIGGER microacq_candidate_not_emptied BEFORE TRUNCATE ON submissions_candidate
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what is evaluated stays as it was listed');

-- evaluators --------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_evaluator_named() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT state, solicitation_id INTO round FROM submissions_round WHERE id = NEW.round_id FOR SHARE;
    IF round.state <> 'working' OR NEW.attested_at IS NOT NULL OR NEW.handed_in_at IS NOT NULL
       OR NEW.agreed_at IS NOT NULL OR NEW.ended <> '' THEN
        PERFORM microacq_evaluation_refuses(
            'evaluator_named_while_working', 'evaluators are named while a round is under way, and attest afterwards');
    END IF;
    IF EXISTS (
        SELECT FROM submissions_proposal
        WHERE solicitation_id = round.solicitation_id AND entered_by_id = NEW.evaluator_id
    ) THEN
        PERFORM microacq_evaluation_refuses(
            'evaluator_entered_nothing', 'who entered an application to a file evaluates none of it');
    END IF;
    NEW.assigned_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_evaluator_acts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round_state text;
BEGIN
    SELECT state INTO round_state FROM submissions_round WHERE id = OLD.round_id FOR SHARE;
    IF (NEW.round_id, NEW.evaluator_id, NEW.assigned_by_id, NEW.assigned_at, NEW."order")
       IS DISTINCT FROM (OLD.round_id, OLD.evaluator_id, OLD.assigned_by_id, OLD.assigned_at, OLD."order")
       OR OLD.ended <> ''
       OR OLD.attested_at IS NOT NULL
          AND (NEW.attested_at, NEW.attestation) IS DISTINCT FROM (OLD.attested_at, OLD.attestation) THEN
        PERFORM microacq_evaluation_refuses(
            'evaluator_kept', 'who evaluates, in which order and what was attested stays on record');
    END IF;
    IF NEW.attested_at IS NOT NULL AND OLD.attested_at IS NULL THEN
        IF round_state <> 'working' THEN
            PERFORM microacq_evaluation_refuses('evaluator_attests_while_working', 'the round is no longer under way');
        END IF;
        NEW.attested_at := now();
    END IF;
    IF NEW.handed_in_at IS DISTINCT FROM OLD.handed_in_at AND round_state <> 'working'
       OR NEW.agreed_at IS DISTINCT FROM OLD.agreed_at AND round_state <> 'agreeing'
       OR NEW.ended <> '' AND round_state NOT IN ('working', 'agreeing') THEN
        PERFORM microacq_evaluation_refuses('evaluator_acts_in_time', 'the round is past that');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_evaluator_named BEFORE INSERT ON submissions_assignment
    FOR EACH ROW EXECUTE FUNCTION microacq_evaluator_named();
CREATE TRIGGER microacq_evaluator_acts BEFORE UPDATE ON submissions_assignment
    FOR EACH ROW EXECUTE FUNCTION microacq_evaluator_acts();
CREATE TRIGGER microacq_evaluator_kept BEFORE DELETE ON submissions_assignment
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('who evaluated stays on record');
CREATE TRIGGER microacq_evaluator_not_emptied BEFORE TRUNCATE ON submissions_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('who evaluated stays on record');

-- Every move of a round locks its file first. Whoever writes a verdict shares that lock, and only then looks.
CREATE FUNCTION microacq_evaluation_stands_still(for_assignment bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM submissions_solicitation WHERE id = (
        SELECT r.solicitation_id FROM submissions_assignment a JOIN submissions_round r ON r.id = a.round_id
        WHERE a.id = for_assignment
    ) FOR SHARE;
END $$;

-- verdicts ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_judged_of_round(of_round bigint, candidate bigint, item bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM submissions_candidate WHERE id = candidate AND round_id = of_round)
       AND EXISTS (
           SELECT FROM submissions_posteditem i JOIN submissions_round r ON r.posting_id = i.posting_id
           WHERE i.id = item AND i.kind = 'evaluation' AND r.id = of_round)
$$;

CREATE FUNCTION microacq_verdict_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given record;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.assignment_id, NEW.candidate_id, NEW.item_id)
       IS DISTINCT FROM (OLD.assignment_id, OLD.candidate_id, OLD.item_id) THEN
        PERFORM microacq_evaluation_refuses('verdict_of_its_own', 'a verdict stays with its evaluator and its criterion');
    END IF;
    PERFORM microacq_evaluation_stands_still(NEW.assignment_id);
    SELECT a.round_id, a.attested_at, a.handed_in_at, a.ended, r.state, f.state AS file_state INTO given
    FROM submissions_assignment a
    JOIN submissions_round r ON r.id = a.round_id
    JOIN submissions_solicitation f ON f.id = r.solicitation_id
    WHERE a.id = NEW.assignment_id;
    IF given.attested_at IS NULL THEN
        PERFORM microacq_evaluation_refuses('verdict_after_attestation', 'there is no verdict before the attestation');
    END IF;
    IF given.state <> 'working' OR given.file_state <> 'opened' OR given.handed_in_at IS NOT NULL OR given.ended <> '' THEN
        PERFORM microacq_evaluation_refuses('verdict_before_handing_in', 'what was handed in or ended stays as it is');
    END IF;
    IF NOT microacq_judged_of_round(given.round_id, NEW.candidate_id, NEW.item_id) THEN
        PERFORM microacq_evaluation_refuses('verdict_of_its_round', 'a verdict is of an application and a criterion of its round');
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_consensus_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given record;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.candidate_id, NEW.item_id) IS DISTINCT FROM (OLD.candidate_id, OLD.item_id) THEN
        PERFORM microacq_evaluation_refuses('verdict_of_its_own', 'an agreed verdict stays with its criterion');
    END IF;
    PERFORM microacq_evaluation_stands_still(NEW.written_by_id);
    SELECT a.round_id, a.ended, r.state, f.state AS file_state INTO given
    FROM submissions_assignment a
    JOIN submissions_round r ON r.id = a.round_id
    JOIN submissions_solicitation f ON f.id = r.solicitation_id
    WHERE a.id = NEW.written_by_id;
    IF given.state <> 'agreeing' OR given.file_state <> 'opened' OR given.ended <> '' THEN
        PERFORM microacq_evaluation_refuses(
            'agreed_while_agreeing', 'evaluators agree after each handed in alone, and before the submission');
    END IF;
    IF NOT microacq_judged_of_round(given.round_id, NEW.candidate_id, NEW.item_id) THEN
        PERFORM microacq_evaluation_refuses('verdict_of_its_round', 'a verdict is of an application and a criterion of its round');
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;

CREATE TRIGGER microacq_verdict_given BEFORE INSERT OR UPDATE ON submissions_verdict
    FOR EACH ROW EXECUTE FUNCTION microacq_verdict_given();
CREATE TRIGGER microacq_verdict_kept BEFORE DELETE ON submissions_verdict
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('verdicts are kept');
CREATE TRIGGER microacq_verdict_not_emptied BEFORE TRUNCATE ON submissions_verdict
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('verdicts are kept');
CREATE TRIGGER microacq_consensus_given BEFORE INSERT OR UPDATE ON submissions_consensus
    FOR EACH ROW EXECUTE FUNCTION microacq_consensus_given();
CREATE TRIGGER microacq_consensus_kept BEFORE DELETE ON submissions_consensus
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('verdicts are kept');
CREATE TRIGGER microacq_consensus_not_emptied BEFORE TRUNCATE ON submissions_consensus
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('verdicts are kept');

-- file and round ----------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_file_was_evaluated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_id bigint;
    file_state text;
    signed boolean;
BEGIN
    IF TG_TABLE_NAME = 'submissions_round' THEN file_id := NEW.solicitation_id; ELSE file_id := NEW.id; END IF;
    SELECT state INTO file_state FROM submissions_solicitation WHERE id = file_id;
    signed := EXISTS (SELECT FROM submissions_round WHERE solicitation_id = file_id AND state = 'signed');
    IF file_state IN ('evaluated', 'selected', 'awarded', 'none_suitable', 'not_accepted') AND NOT signed
       OR file_state IN ('posted', 'opened', 'no_proposals') AND signed THEN
        PERFORM microacq_evaluation_refuses(
            'file_evaluated_by_a_signed_round', 'what follows the evaluation needs one that is signed off, and only that');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_file_was_evaluated AFTER UPDATE OF state ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_evaluated();
CREATE CONSTRAINT TRIGGER microacq_round_of_file AFTER UPDATE OF state ON submissions_round
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_evaluated();
"""

BACKWARD = """
DROP TRIGGER microacq_round_of_file ON submissions_round;
DROP TRIGGER microacq_file_was_evaluated ON submissions_solicitation;
DROP FUNCTION microacq_file_was_evaluated();
DROP TRIGGER microacq_consensus_not_emptied ON submissions_consensus;
DROP TRIGGER microacq_consensus_kept ON submissions_consensus;
DROP TRIGGER microacq_consensus_given ON submissions_consensus;
DROP TRIGGER microacq_verdict_not_emptied ON submissions_verdict;
DROP TRIGGER microacq_verdict_kept ON submissions_verdict;
DROP TRIGGER microacq_verdict_given ON submissions_verdict;
DROP FUNCTION microacq_consensus_given();
DROP FUNCTION microacq_verdict_given();
DROP FUNCTION microacq_judged_of_round(bigint, bigint, bigint);
DROP FUNCTION microacq_evaluation_stands_still(bigint);
DROP TRIGGER microacq_evaluator_not_emptied ON submissions_assignment;
DROP TRIGGER microacq_evaluator_kept ON submissions_assignment;
DROP TRIGGER microacq_evaluator_acts ON submissions_assignment;
DROP TRIGGER microacq_evaluator_named ON submissions_assignment;
DROP FUNCTION microacq_evaluator_acts();
DROP FUNCTION microacq_evaluator_named();
DROP TRIGGER microacq_candidate_not_emptied ON submissions_candidate;
DROP TRIGGER microacq_candidate_kept ON submissions_candidate;
DROP TRIGGER microacq_candidate_joins ON submissions_candidate;
DROP FUNCTION microacq_candidate_joins();
DROP TRIGGER microacq_round_not_emptied ON submissions_round;
DROP TRIGGER microacq_round_kept ON submissions_round;
DROP TRIGGER microacq_round_moves ON submissions_round;
DROP TRIGGER microacq_round_begins ON submissions_round;
DROP FUNCTION microacq_round_moves();
DROP FUNCTION microacq_round_is_settled(bigint);
DROP FUNCTION microacq_round_is_whole(bigint);
DROP FUNCTION microacq_round_begins();
DROP FUNCTION microacq_evaluation_refuses(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0031_evaluation_rounds")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
