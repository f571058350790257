"""Contracts obey their table, the separation of duties and the order of rounds (DESIGN rules 5, 7, 8, 9).

- A contract follows from an award, with its price and date. Of it only the state and the delivery date ever change: the date as
  the other side agreed, the state as the table says, with the row that the state needs.
- Messages, extensions, disputes, deliveries, judgements and ends are kept as written; their times are the database’s.
- Only the other side answers an extension; another person of staff confirms a default; the supplier agrees to convenience.
- A round begins when the one before it was judged as not met, and never after the last. Each criterion is judged once.
- Who concurs is neither who judged nor the client. Work is accepted when every criterion is met and that was concurred with.
- File, contract and offer fit together at the end of every transaction.
"""

from django.db import migrations

#: Every table of this stage, with the column that says when, and what is told of a change.
KEPT = {
    "submissions_message": ("sent_at", "messages are kept as they were sent"),
    "submissions_extension": ("asked_at", "extensions are kept"),
    "submissions_extensionanswer": ("answered_at", "answers are kept"),
    "submissions_dispute": ("raised_at", "disputes are kept"),
    "submissions_settlement": ("settled_at", "settlements are kept"),
    "submissions_endproposal": ("proposed_at", "proposals to end a contract are kept"),
    "submissions_endanswer": ("answered_at", "answers are kept"),
    "submissions_contractend": ("ended_at", "the end of a contract is kept"),
    "submissions_passedon": ("decided_at", "decisions are kept"),
    "submissions_delivery": ("delivered_at", "deliveries are kept as they were sent"),
    "submissions_judgement": ("judged_at", "judgements are kept"),
    "submissions_concurrence": ("concurred_at", "judgements are kept"),
    "submissions_workacceptance": ("accepted_at", "acceptances are kept"),
    "submissions_evidence": ("", "evidence is kept"),
    "submissions_criterionjudgement": ("", "judgements are kept"),
}

FORWARD = """
CREATE FUNCTION microacq_refuse_work(rule text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = sentence;
END $$;

-- The column that the first argument names gets the time of the transaction.
CREATE FUNCTION microacq_work_moment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW := jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], now()));
    RETURN NEW;
END $$;

-- Locks the contract of a row, and gives its state.
CREATE FUNCTION microacq_state_of_contract(wanted bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found_state text;
BEGIN
    SELECT state INTO found_state FROM submissions_contract WHERE id = wanted FOR UPDATE;
    RETURN found_state;
END $$;

-- the contract ------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_contract_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    awarded record;
BEGIN
    SELECT o.solicitation_id, o.state, a.value, a.delivery_date, a.countersigned_at INTO awarded
    FROM submissions_offer o JOIN submissions_award a ON a.offer_id = o.id WHERE o.id = NEW.offer_id;
    IF awarded.state IS DISTINCT FROM 'awarded' OR NEW.state <> 'under_way'
       OR (NEW.solicitation_id, NEW.price, NEW.delivery_date, NEW.started_at)
          IS DISTINCT FROM (awarded.solicitation_id, awarded.value, awarded.delivery_date, awarded.countersigned_at) THEN
        PERFORM microacq_refuse_work('contract_as_awarded', 'a contract begins with the award, as it was signed');
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_contract_made BEFORE INSERT ON submissions_contract
    FOR EACH ROW EXECUTE FUNCTION microacq_contract_made();

CREATE FUNCTION microacq_contract_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{state,delivery_date,changed_at}'::text[] <> to_jsonb(OLD) - '{state,delivery_date,changed_at}'::text[] THEN
        PERFORM microacq_refuse_work('contract_as_it_began', 'a contract stays as it began');
    END IF;
    IF NEW.delivery_date <> OLD.delivery_date AND NOT EXISTS (
        SELECT 1 FROM submissions_extension e JOIN submissions_extensionanswer a ON a.extension_id = e.id
        WHERE e.contract_id = OLD.id AND a.agreed AND e.before = OLD.delivery_date AND e.until = NEW.delivery_date
    ) THEN
        PERFORM microacq_refuse_work('contract_extended_by_both', 'the delivery date moves when both sides agreed to it');
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        OLD.state = 'under_way' AND NEW.state = 'accepted'
            AND EXISTS (SELECT 1 FROM submissions_workacceptance WHERE contract_id = OLD.id)
        OR OLD.state = 'accepted' AND NEW.state = 'paid'
        OR OLD.state = 'under_way' AND EXISTS (
            SELECT 1 FROM submissions_contractend WHERE contract_id = OLD.id AND NEW.state = CASE kind
                WHEN 'default' THEN 'ended_default' WHEN 'convenience' THEN 'ended_convenience' ELSE 'withdrawn' END)
    ) THEN
        PERFORM microacq_refuse_work('contract_moves_as_the_table_says',
            format('a contract does not go from %s to %s now', OLD.state, NEW.state));
    END IF;
    NEW.changed_at := CASE WHEN NEW.state <> OLD.state THEN now() ELSE OLD.changed_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_contract_moves BEFORE UPDATE ON submissions_contract
    FOR EACH ROW EXECUTE FUNCTION microacq_contract_moves();
CREATE TRIGGER microacq_contract_kept BEFORE DELETE ON submissions_contract
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('contracts are kept');
CREATE TRIGGER microacq_contract_not_emptied BEFORE TRUNCATE ON submissions_contract
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('contracts are kept');

-- what both sides say -----------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_work_under_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF microacq_state_of_contract(NEW.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'this is done while the work is under way');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_extension_asked BEFORE INSERT ON submissions_extension
    FOR EACH ROW EXECUTE FUNCTION microacq_work_under_way();
CREATE TRIGGER microacq_dispute_raised BEFORE INSERT ON submissions_dispute
    FOR EACH ROW EXECUTE FUNCTION microacq_work_under_way();
CREATE TRIGGER microacq_end_proposed BEFORE INSERT ON submissions_endproposal
    FOR EACH ROW EXECUTE FUNCTION microacq_work_under_way();

CREATE FUNCTION microacq_extension_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    SELECT contract_id, side INTO asked FROM submissions_extension WHERE id = NEW.extension_id;
    IF microacq_state_of_contract(asked.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'this is done while the work is under way');
    END IF;
    IF (asked.side = 'supplier') <> (NEW.answered_by_id IS NOT NULL) THEN
        PERFORM microacq_refuse_work('extension_answered_by_the_other', 'the other side answers');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_extension_answered BEFORE INSERT ON submissions_extensionanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_extension_answered();

CREATE FUNCTION microacq_dispute_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM submissions_dispute d JOIN submissions_contract c ON c.id = d.contract_id
        JOIN submissions_solicitation f ON f.id = c.solicitation_id
        WHERE d.id = NEW.dispute_id AND NEW.settled_by_id IN (d.raised_by_id, f.client_id)
    ) THEN
        PERFORM microacq_refuse_work('dispute_settled_by_another', 'who raised a dispute and the client do not settle it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_dispute_settled BEFORE INSERT ON submissions_settlement
    FOR EACH ROW EXECUTE FUNCTION microacq_dispute_settled();

-- deliveries --------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_work_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
    allowed integer;
BEGIN
    IF microacq_state_of_contract(NEW.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'work is delivered while it is under way');
    END IF;
    SELECT rounds INTO allowed FROM submissions_contract WHERE id = NEW.contract_id;
    SELECT d.id, d.round INTO last FROM submissions_delivery d WHERE d.contract_id = NEW.contract_id ORDER BY d.round DESC LIMIT 1;
    IF NEW.round <> coalesce(last.round, 0) + 1 OR NEW.round > allowed THEN
        PERFORM microacq_refuse_work('delivery_in_its_round', 'work is delivered round by round, as often as the contract allows');
    END IF;
    IF last.id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM submissions_judgement j JOIN submissions_concurrence c ON c.judgement_id = j.id
        WHERE j.delivery_id = last.id AND c.agreed AND NOT j.passed
    ) THEN
        PERFORM microacq_refuse_work('delivery_after_its_judgement', 'a round begins when the one before it was judged as not met');
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM submissions_posting p JOIN submissions_contract c ON c.solicitation_id = p.solicitation_id
        WHERE p.id = NEW.posting_id AND c.id = NEW.contract_id
    ) THEN
        PERFORM microacq_refuse_work('delivery_answers_its_posting', 'a delivery answers what its own file posted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_work_delivered BEFORE INSERT ON submissions_delivery
    FOR EACH ROW EXECUTE FUNCTION microacq_work_delivered();

-- What belongs to a row is written with it and never later.
CREATE FUNCTION microacq_written_with() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'submissions_evidence' THEN
        SELECT delivered_at INTO written FROM submissions_delivery WHERE id = NEW.delivery_id;
    ELSE
        SELECT judged_at INTO written FROM submissions_judgement WHERE id = NEW.judgement_id;
    END IF;
    IF written IS DISTINCT FROM now() THEN
        PERFORM microacq_refuse_work('written_with_the_rest', 'nothing is added to what was sent');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_evidence_sent BEFORE INSERT ON submissions_evidence
    FOR EACH ROW EXECUTE FUNCTION microacq_written_with();
CREATE TRIGGER microacq_criterion_judged BEFORE INSERT ON submissions_criterionjudgement
    FOR EACH ROW EXECUTE FUNCTION microacq_written_with();

-- judging -----------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_work_judged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged record;
    last record;
BEGIN
    SELECT contract_id, round INTO judged FROM submissions_delivery WHERE id = NEW.delivery_id;
    IF microacq_state_of_contract(judged.contract_id) <> 'under_way'
       OR EXISTS (SELECT 1 FROM submissions_delivery WHERE contract_id = judged.contract_id AND round > judged.round) THEN
        PERFORM microacq_refuse_work('judgement_of_the_last_delivery', 'the last delivery is judged, while the work is under way');
    END IF;
    SELECT j.sequence, c.agreed INTO last FROM submissions_judgement j
    LEFT JOIN submissions_concurrence c ON c.judgement_id = j.id
    WHERE j.delivery_id = NEW.delivery_id ORDER BY j.sequence DESC LIMIT 1;
    IF NEW.sequence <> coalesce(last.sequence, 0) + 1 OR (last.sequence IS NOT NULL AND last.agreed IS DISTINCT FROM false) THEN
        PERFORM microacq_refuse_work('judgement_in_order', 'a delivery is judged again only where nobody concurred');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_work_judged BEFORE INSERT ON submissions_judgement
    FOR EACH ROW EXECUTE FUNCTION microacq_work_judged();

CREATE FUNCTION microacq_judgement_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    posted bigint;
    met boolean;
BEGIN
    SELECT posting_id INTO posted FROM submissions_delivery WHERE id = NEW.delivery_id;
    SELECT bool_and(passed) INTO met FROM submissions_criterionjudgement WHERE judgement_id = NEW.id;
    IF met IS DISTINCT FROM NEW.passed OR EXISTS (
        SELECT 1 FROM submissions_posteditem i WHERE i.posting_id = posted AND i.kind = 'acceptance'
        AND NOT EXISTS (SELECT 1 FROM submissions_criterionjudgement WHERE judgement_id = NEW.id AND item_id = i.id)
    ) OR EXISTS (
        SELECT 1 FROM submissions_criterionjudgement k JOIN submissions_posteditem i ON i.id = k.item_id
        WHERE k.judgement_id = NEW.id AND (i.posting_id <> posted OR i.kind <> 'acceptance')
    ) THEN
        PERFORM microacq_refuse_work('every_criterion_is_judged', 'each work acceptance criterion is judged, once');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_judgement_is_whole AFTER INSERT ON submissions_judgement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_judgement_is_whole();

CREATE FUNCTION microacq_work_concurred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged record;
BEGIN
    SELECT j.judged_by_id, d.contract_id, f.client_id INTO judged
    FROM submissions_judgement j JOIN submissions_delivery d ON d.id = j.delivery_id
    JOIN submissions_contract c ON c.id = d.contract_id JOIN submissions_solicitation f ON f.id = c.solicitation_id
    WHERE j.id = NEW.judgement_id;
    IF microacq_state_of_contract(judged.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'this is done while the work is under way');
    END IF;
    IF NEW.concurred_by_id = judged.judged_by_id OR NEW.concurred_by_id = judged.client_id THEN
        PERFORM microacq_refuse_work('concurred_by_another', 'neither who judged nor the client concurs');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_work_concurred BEFORE INSERT ON submissions_concurrence
    FOR EACH ROW EXECUTE FUNCTION microacq_work_concurred();

CREATE FUNCTION microacq_work_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged record;
BEGIN
    SELECT d.contract_id, j.passed, j.commit, j.judged_by_id, c.concurred_by_id, c.agreed INTO judged
    FROM submissions_judgement j JOIN submissions_delivery d ON d.id = j.delivery_id
    JOIN submissions_concurrence c ON c.judgement_id = j.id WHERE j.id = NEW.judgement_id;
    IF judged.contract_id IS DISTINCT FROM NEW.contract_id OR NOT judged.passed OR NOT judged.agreed
       OR (NEW.commit, NEW.accepted_by_id, NEW.concurred_by_id)
          IS DISTINCT FROM (judged.commit, judged.judged_by_id, judged.concurred_by_id)
       OR microacq_state_of_contract(NEW.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_accepted_as_judged', 'work is accepted when every criterion is met and another person concurs');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_work_accepted BEFORE INSERT ON submissions_workacceptance
    FOR EACH ROW EXECUTE FUNCTION microacq_work_accepted();

-- other ends --------------------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_end_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposed record;
BEGIN
    SELECT contract_id, kind, proposed_by_id INTO proposed FROM submissions_endproposal WHERE id = NEW.proposal_id;
    IF microacq_state_of_contract(proposed.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'this is done while the work is under way');
    END IF;
    IF proposed.kind = 'convenience' AND NEW.answered_by_id IS NOT NULL
       OR proposed.kind = 'default' AND (NEW.answered_by_id IS NULL OR NEW.answered_by_id = proposed.proposed_by_id) THEN
        PERFORM microacq_refuse_work('end_answered_by_another',
            'the supplier agrees to a share, and another person of staff confirms a default');
    END IF;
    IF proposed.kind = 'default' AND NEW.agreed AND EXISTS (
        SELECT 1 FROM submissions_dispute d LEFT JOIN submissions_settlement s ON s.dispute_id = d.id
        WHERE d.contract_id = proposed.contract_id AND s.id IS NULL
    ) THEN
        PERFORM microacq_refuse_work('no_default_in_dispute', 'a dispute is settled before a contract ends for default');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_end_answered BEFORE INSERT ON submissions_endanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_end_answered();

CREATE FUNCTION microacq_contract_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF microacq_state_of_contract(NEW.contract_id) <> 'under_way' THEN
        PERFORM microacq_refuse_work('work_under_way', 'a contract ends while the work is under way');
    END IF;
    IF NEW.kind <> 'withdrawn' AND NOT EXISTS (
        SELECT 1 FROM submissions_endproposal p JOIN submissions_endanswer a ON a.proposal_id = p.id
        WHERE p.id = NEW.proposal_id AND p.contract_id = NEW.contract_id AND p.kind = NEW.kind
          AND p.percentage = NEW.percentage AND a.agreed
    ) THEN
        PERFORM microacq_refuse_work('contract_ended_as_agreed', 'a contract ends as it was proposed and agreed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_contract_ended BEFORE INSERT ON submissions_contractend
    FOR EACH ROW EXECUTE FUNCTION microacq_contract_ended();

CREATE FUNCTION microacq_work_passed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM submissions_contractend WHERE contract_id = NEW.contract_id) THEN
        PERFORM microacq_refuse_work('passed_on_after_the_end', 'work is passed on when its contract ended');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_work_passed_on BEFORE INSERT ON submissions_passedon
    FOR EACH ROW EXECUTE FUNCTION microacq_work_passed_on();

-- file, contract and offer ------------------------------------------------------------------------------------------

CREATE FUNCTION microacq_file_of_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_id bigint;
    file_state text;
    active text;
    ended boolean;
BEGIN
    IF TG_TABLE_NAME = 'submissions_solicitation' THEN file_id := NEW.id; ELSE file_id := NEW.solicitation_id; END IF;
    SELECT state INTO file_state FROM submissions_solicitation WHERE id = file_id;
    -- The change that came after this one is looked at itself.
    IF TG_TABLE_NAME = 'submissions_solicitation' AND to_jsonb(NEW) ->> 'state' <> file_state THEN RETURN NULL; END IF;
    SELECT state INTO active FROM submissions_contract
    WHERE solicitation_id = file_id AND state IN ('under_way', 'accepted', 'paid');
    ended := active IS NULL AND EXISTS (SELECT 1 FROM submissions_contract WHERE solicitation_id = file_id);
    IF file_state = 'awarded' AND active IS DISTINCT FROM 'under_way' AND NOT ended
       OR file_state = 'accepted' AND active IS DISTINCT FROM 'accepted'
       OR file_state = 'completed' AND active IS DISTINCT FROM 'paid'
       OR file_state = 'terminated' AND NOT ended
       OR active IS NOT NULL AND file_state NOT IN ('awarded', 'accepted', 'completed') THEN
        PERFORM microacq_refuse_work('file_as_its_contract', 'a file is where its contract is');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_file_of_contract AFTER UPDATE OF state ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_of_contract();
CREATE CONSTRAINT TRIGGER microacq_contract_of_file AFTER INSERT OR UPDATE OF state ON submissions_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_of_contract();

CREATE FUNCTION microacq_offer_of_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM submissions_offer WHERE id = NEW.offer_id) IS DISTINCT FROM
       (CASE WHEN (SELECT state FROM submissions_contract WHERE id = NEW.id) IN ('under_way', 'accepted', 'paid')
             THEN 'awarded' ELSE 'ended' END) THEN
        PERFORM microacq_refuse_work('offer_as_its_contract', 'the offer of a contract that ended stands no more');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_offer_of_contract AFTER UPDATE OF state ON submissions_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_offer_of_contract();
"""

BACKWARD = """
DROP TRIGGER microacq_offer_of_contract ON submissions_contract;
DROP FUNCTION microacq_offer_of_contract();
DROP TRIGGER microacq_contract_of_file ON submissions_contract;
DROP TRIGGER microacq_file_of_contract ON submissions_solicitation;
DROP FUNCTION microacq_file_of_contract();
DROP TRIGGER microacq_work_passed_on ON submissions_passedon;
DROP FUNCTION microacq_work_passed_on();
DROP TRIGGER microacq_contract_ended ON submissions_contractend;
DROP FUNCTION microacq_contract_ended();
DROP TRIGGER microacq_end_answered ON submissions_endanswer;
DROP FUNCTION microacq_end_answered();
DROP TRIGGER microacq_work_accepted ON submissions_workacceptance;
DROP FUNCTION microacq_work_accepted();
DROP TRIGGER microacq_work_concurred ON submissions_concurrence;
DROP FUNCTION microacq_work_concurred();
DROP TRIGGER microacq_judgement_is_whole ON submissions_judgement;
DROP FUNCTION microacq_judgement_is_whole();
DROP TRIGGER microacq_work_judged ON submissions_judgement;
DROP FUNCTION microacq_work_judged();
DROP TRIGGER microacq_criterion_judged ON submissions_criterionjudgement;
DROP TRIGGER microacq_evidence_sent ON submissions_evidence;
DROP FUNCTION microacq_written_with();
DROP TRIGGER microacq_work_delivered ON submissions_delivery;
DROP FUNCTION microacq_work_delivered();
DROP TRIGGER microacq_dispute_settled ON submissions_settlement;
DROP FUNCTION microacq_dispute_settled();
DROP TRIGGER microacq_extension_answered ON submissions_extensionanswer;
DROP FUNCTION microacq_extension_answered();
DROP TRIGGER microacq_end_proposed ON submissions_endproposal;
DROP TRIGGER microacq_dispute_raised ON submissions_dispute;
DROP TRIGGER microacq_extension_asked ON submissions_extension;
DROP FUNCTION microacq_work_under_way();
DROP TRIGGER microacq_contract_not_emptied ON submissions_contract;
DROP TRIGGER microacq_contract_kept ON submissions_contract;
DROP TRIGGER microacq_contract_moves ON submissions_contract;
DROP FUNCTION microacq_contract_moves();
DROP TRIGGER microacq_contract_made ON submissions_contract;
DROP FUNCTION microacq_contract_made();
DROP FUNCTION microacq_state_of_contract(bigint);
DROP FUNCTION microacq_work_moment();
DROP FUNCTION microacq_refuse_work(text, text);
"""

KEEP = "".join(
    f"""
CREATE TRIGGER microacq_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('{sentence}');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('{sentence}');
"""
    + (
        f"""CREATE TRIGGER microacq_moment BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION microacq_work_moment('{column}');
"""
        if column
        else ""
    )
    for table, (column, sentence) in KEPT.items()
)

FORGET = "".join(
    (f"DROP TRIGGER microacq_moment ON {table};\n" if column else "")
    + f"DROP TRIGGER microacq_not_emptied ON {table};\nDROP TRIGGER microacq_kept ON {table};\n"
    for table, (column, _sentence) in KEPT.items()
)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0041_contracts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(KEEP, FORGET)]
