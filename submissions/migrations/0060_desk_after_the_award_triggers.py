"""What staff enter for a supplier after the award is kept beside the supplier's act, and decided about by others (rule 8).

- It is kept in the transaction of the act, which is the supplier's, under a contract whose application staff entered;
  an invoice is entered by who stands in it, for any supplier. The client of the file enters nothing.
- Who asked or proposed for the department does not enter the supplier's answer.
- Who entered a delivery neither judges it nor concurs; who entered a later date does not answer it; who entered a dispute
  does not settle it; who entered anything does not approve the invoice.
- How it was received is personal, and goes with the rest.
"""

from django.db import migrations

#: What holds personal data since migration 0058; this one adds its own.
BEFORE = """
        WHEN 'submissions_proposal' THEN ARRAY['sealed', 'contact', 'address_digest']
        WHEN 'submissions_openedproposal' THEN ARRAY['locked_text']
        WHEN 'submissions_withdrawnforsupplier' THEN ARRAY['reason']
        WHEN 'submissions_clarification' THEN ARRAY['locked_answer']
        WHEN 'submissions_workingtranslation' THEN ARRAY['locked_texts']
        WHEN 'submissions_offer' THEN ARRAY['locked_contractor', 'locked_reason']
        WHEN 'submissions_acceptance' THEN ARRAY['locked_words']
        WHEN 'submissions_offeransweredforsupplier' THEN ARRAY['locked_statement']
        WHEN 'submissions_employeeconfirmation' THEN ARRAY['locked_content', 'name']
        WHEN 'submissions_debriefrequest' THEN ARRAY['locked_words']
        WHEN 'submissions_debriefanswer' THEN ARRAY['locked_words']
        WHEN 'submissions_message' THEN ARRAY['locked_words']
        WHEN 'submissions_extension' THEN ARRAY['locked_reason']
        WHEN 'submissions_extensionanswer' THEN ARRAY['locked_reason']
        WHEN 'submissions_dispute' THEN ARRAY['locked_words']
        WHEN 'submissions_endanswer' THEN ARRAY['locked_reason']
        WHEN 'submissions_contractend' THEN ARRAY['locked_reason']
        WHEN 'submissions_delivery' THEN ARRAY['locked_words']
        WHEN 'submissions_evidence' THEN ARRAY['locked_content', 'name']
        WHEN 'submissions_invoice' THEN ARRAY['locked_words', 'locked_content', 'name']
        WHEN 'submissions_invoicereturn' THEN ARRAY['locked_reason']
        WHEN 'submissions_accesspackage' THEN ARRAY['choices']"""


def personal_columns(rows: str) -> str:
    """The function that names what an erasure may replace."""
    return f"""
CREATE OR REPLACE FUNCTION microacq_personal_columns(of_table text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE of_table{rows}
    END
$$;
"""


FORWARD = """
CREATE FUNCTION microacq_entered_for_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    under record;
    act record;
BEGIN
    SELECT p.entered_by_id, f.client_id INTO under FROM submissions_contract c
    JOIN submissions_offer o ON o.id = c.offer_id JOIN submissions_proposal p ON p.id = o.proposal_id
    JOIN submissions_solicitation f ON f.id = c.solicitation_id WHERE c.id = NEW.contract_id;
    -- The act itself: of which contract, who of the department stands in it, when it was made, who asked for it.
    SELECT a.* INTO act FROM (
        SELECT contract_id, written_by_id AS by_id, sent_at AS made, NULL::bigint AS asker
        FROM submissions_message WHERE id = NEW.message_id
        UNION ALL SELECT contract_id, NULL, delivered_at, NULL FROM submissions_delivery WHERE id = NEW.delivery_id
        UNION ALL SELECT contract_id, asked_by_id, asked_at, NULL FROM submissions_extension WHERE id = NEW.extension_id
        UNION ALL SELECT e.contract_id, x.answered_by_id, x.answered_at, e.asked_by_id
        FROM submissions_extensionanswer x JOIN submissions_extension e ON e.id = x.extension_id
        WHERE x.id = NEW.extension_answer_id
        UNION ALL SELECT contract_id, raised_by_id, raised_at, NULL FROM submissions_dispute WHERE id = NEW.dispute_id
        UNION ALL SELECT e.contract_id, x.answered_by_id, x.answered_at, e.proposed_by_id
        FROM submissions_endanswer x JOIN submissions_endproposal e ON e.id = x.proposal_id WHERE x.id = NEW.end_answer_id
        UNION ALL SELECT contract_id, proposal_id, ended_at, NULL FROM submissions_contractend WHERE id = NEW.end_id
        UNION ALL SELECT contract_id, nullif(entered_by_id, NEW.entered_by_id), received_at, NULL
        FROM submissions_invoice WHERE id = NEW.invoice_id AND entered_by_id IS NOT NULL
    ) a;
    IF act.contract_id IS DISTINCT FROM NEW.contract_id OR act.by_id IS NOT NULL OR act.made IS DISTINCT FROM now()
       OR NEW.invoice_id IS NULL AND (under.entered_by_id IS NULL OR under.client_id = NEW.entered_by_id) THEN
        PERFORM microacq_refuse_work('entered_for_its_supplier',
            'staff enter what the supplier of a contract did whose application staff entered, with the act itself');
    END IF;
    IF act.asker = NEW.entered_by_id THEN
        PERFORM microacq_refuse_work('entered_by_another', 'who asked for the department does not enter the answer');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_entered_for_supplier BEFORE INSERT ON submissions_enteredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_entered_for_supplier();
CREATE TRIGGER microacq_kept BEFORE UPDATE OR DELETE ON submissions_enteredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('how an act of a supplier came is kept');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON submissions_enteredforsupplier
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('how an act of a supplier came is kept');
CREATE TRIGGER microacq_moment BEFORE INSERT ON submissions_enteredforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_work_moment('entered_at');

-- Who decides about an act of the supplier did not enter it. Arguments: the column of the act here, the column that names
-- it in the decision, and the column of who decides.
CREATE FUNCTION microacq_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act bigint := (to_jsonb(NEW) ->> TG_ARGV[1])::bigint;
    who bigint := (to_jsonb(NEW) ->> TG_ARGV[2])::bigint;
BEGIN
    IF TG_TABLE_NAME = 'submissions_concurrence' THEN
        act := (SELECT delivery_id FROM submissions_judgement WHERE id = act);
    ELSIF TG_TABLE_NAME = 'submissions_section34approval' THEN
        act := (SELECT contract_id FROM submissions_invoice WHERE id = act);
    END IF;
    IF EXISTS (
        SELECT FROM submissions_enteredforsupplier e
        WHERE e.entered_by_id = who AND (to_jsonb(e) ->> TG_ARGV[0])::bigint = act
    ) THEN
        PERFORM microacq_refuse_work('decided_by_another', 'who entered it for the supplier does not decide about it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_decided_by_another BEFORE INSERT ON submissions_judgement
    FOR EACH ROW EXECUTE FUNCTION microacq_decided_by_another('delivery_id', 'delivery_id', 'judged_by_id');
CREATE TRIGGER microacq_decided_by_another BEFORE INSERT ON submissions_concurrence
    FOR EACH ROW EXECUTE FUNCTION microacq_decided_by_another('delivery_id', 'judgement_id', 'concurred_by_id');
CREATE TRIGGER microacq_decided_by_another BEFORE INSERT ON submissions_extensionanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_decided_by_another('extension_id', 'extension_id', 'answered_by_id');
CREATE TRIGGER microacq_decided_by_another BEFORE INSERT ON submissions_settlement
    FOR EACH ROW EXECUTE FUNCTION microacq_decided_by_another('dispute_id', 'dispute_id', 'settled_by_id');
CREATE TRIGGER microacq_decided_by_another BEFORE INSERT ON submissions_section34approval
    FOR EACH ROW EXECUTE FUNCTION microacq_decided_by_another('contract_id', 'invoice_id', 'approved_by_id');
"""

BACKWARD = """
DROP TRIGGER microacq_decided_by_another ON submissions_section34approval;
DROP TRIGGER microacq_decided_by_another ON submissions_settlement;
DROP TRIGGER microacq_decided_by_another ON submissions_extensionanswer;
DROP TRIGGER microacq_decided_by_another ON submissions_concurrence;
DROP TRIGGER microacq_decided_by_another ON submissions_judgement;
DROP FUNCTION microacq_decided_by_another();
DROP TRIGGER microacq_moment ON submissions_enteredforsupplier;
DROP TRIGGER microacq_not_emptied ON submissions_enteredforsupplier;
DROP TRIGGER microacq_kept ON submissions_enteredforsupplier;
DROP TRIGGER microacq_entered_for_supplier ON submissions_enteredforsupplier;
DROP FUNCTION microacq_entered_for_supplier();
"""

OWN = """
        WHEN 'submissions_enteredforsupplier' THEN ARRAY['locked_statement']"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0059_desk_after_the_award")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(personal_columns(BEFORE + OWN), personal_columns(BEFORE)),
    ]
