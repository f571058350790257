"""Payments obey the separation of duties, the price and the cap (DESIGN rules 5, 7, 8).

- Invoices, what was sent back, approvals and payments are kept as written; their times are the database’s.
- An invoice is for what is due under its contract, to the cent, and one stands at a time.
- Who approves under section 34 neither accepted the work (or proposed its end) nor entered the invoice.
- An approved invoice is paid once, whole, by another person than who approved it, on a day after both.
- A contract is paid when its payment is recorded, and not before.
"""

from django.db import migrations

KEPT = {
    "submissions_invoice": ("received_at", "invoices are kept as they were sent"),
    "submissions_invoicereturn": ("returned_at", "what was sent back is kept"),
    "submissions_section34approval": ("approved_at", "approvals are kept"),
    "submissions_payment": ("recorded_at", "payments are kept"),
}

FORWARD = """
CREATE FUNCTION microacq_invoice_sent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    due numeric;
BEGIN
    PERFORM microacq_state_of_contract(NEW.contract_id);
    SELECT CASE
        WHEN c.state IN ('accepted', 'paid') THEN c.price
        WHEN c.state = 'ended_convenience' THEN round(c.price * e.percentage / 100, 2)
    END INTO due FROM submissions_contract c LEFT JOIN submissions_contractend e ON e.contract_id = c.id
    WHERE c.id = NEW.contract_id;
    IF due IS NULL OR due <> NEW.subtotal THEN
        PERFORM microacq_refuse_work('invoice_of_what_is_due', 'an invoice is for what is due under its contract');
    END IF;
    IF NEW.sequence <> (SELECT count(*) + 1 FROM submissions_invoice WHERE contract_id = NEW.contract_id)
       OR EXISTS (
        SELECT 1 FROM submissions_invoice i LEFT JOIN submissions_invoicereturn r ON r.invoice_id = i.id
        WHERE i.contract_id = NEW.contract_id AND r.id IS NULL
    ) THEN
        PERFORM microacq_refuse_work('invoice_one_at_a_time', 'an invoice follows only one that was sent back');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_invoice_sent BEFORE INSERT ON submissions_invoice
    FOR EACH ROW EXECUTE FUNCTION microacq_invoice_sent();

CREATE FUNCTION microacq_invoice_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM microacq_state_of_contract((SELECT contract_id FROM submissions_invoice WHERE id = NEW.invoice_id));
    IF EXISTS (SELECT 1 FROM submissions_section34approval WHERE invoice_id = NEW.invoice_id) THEN
        PERFORM microacq_refuse_work('approved_invoice_stays', 'an approved invoice is not sent back');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_invoice_returned BEFORE INSERT ON submissions_invoicereturn
    FOR EACH ROW EXECUTE FUNCTION microacq_invoice_returned();

CREATE FUNCTION microacq_invoice_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    billed record;
BEGIN
    SELECT i.contract_id, i.entered_by_id INTO billed FROM submissions_invoice i WHERE i.id = NEW.invoice_id;
    PERFORM microacq_state_of_contract(billed.contract_id);
    IF EXISTS (SELECT 1 FROM submissions_invoicereturn WHERE invoice_id = NEW.invoice_id) THEN
        PERFORM microacq_refuse_work('returned_invoice_stays', 'an invoice that was sent back is not approved');
    END IF;
    IF NEW.approved_by_id = billed.entered_by_id OR EXISTS (
        SELECT 1 FROM submissions_workacceptance a WHERE a.contract_id = billed.contract_id
        AND NEW.approved_by_id IN (a.accepted_by_id, a.concurred_by_id)
    ) OR EXISTS (
        SELECT 1 FROM submissions_contractend e JOIN submissions_endproposal p ON p.id = e.proposal_id
        WHERE e.contract_id = billed.contract_id AND NEW.approved_by_id = p.proposed_by_id
    ) THEN
        PERFORM microacq_refuse_work('approved_by_another', 'who accepted the work or entered the invoice does not approve it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_invoice_approved BEFORE INSERT ON submissions_section34approval
    FOR EACH ROW EXECUTE FUNCTION microacq_invoice_approved();

CREATE FUNCTION microacq_contract_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    billed record;
    since date;
BEGIN
    PERFORM microacq_state_of_contract(NEW.contract_id);
    SELECT i.contract_id, i.total, a.approved_by_id, a.approved_at INTO billed
    FROM submissions_invoice i JOIN submissions_section34approval a ON a.invoice_id = i.id WHERE i.id = NEW.invoice_id;
    IF billed.contract_id IS DISTINCT FROM NEW.contract_id OR billed.total <> NEW.amount THEN
        PERFORM microacq_refuse_work('payment_of_an_approved_invoice', 'an approved invoice of the contract is paid, whole');
    END IF;
    IF billed.approved_by_id = NEW.recorded_by_id THEN
        PERFORM microacq_refuse_work('paid_by_another', 'who approved an invoice does not pay it');
    END IF;
    SELECT (coalesce(a.accepted_at, e.ended_at) AT TIME ZONE 'America/Toronto')::date INTO since
    FROM submissions_contract c LEFT JOIN submissions_workacceptance a ON a.contract_id = c.id
    LEFT JOIN submissions_contractend e ON e.contract_id = c.id WHERE c.id = NEW.contract_id;
    IF NEW.paid_on < (billed.approved_at AT TIME ZONE 'America/Toronto')::date
       OR NEW.paid_on > (now() AT TIME ZONE 'America/Toronto')::date OR NEW.days <> NEW.paid_on - since THEN
        PERFORM microacq_refuse_work('paid_after_its_approval', 'an invoice is paid after its approval, and its days are counted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_contract_payment BEFORE INSERT ON submissions_payment
    FOR EACH ROW EXECUTE FUNCTION microacq_contract_payment();

CREATE FUNCTION microacq_paid_with_its_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    contract_key bigint;
BEGIN
    IF TG_TABLE_NAME = 'submissions_payment' THEN contract_key := NEW.contract_id; ELSE contract_key := NEW.id; END IF;
    IF EXISTS (
        SELECT 1 FROM submissions_contract c LEFT JOIN submissions_payment p ON p.contract_id = c.id
        WHERE c.id = contract_key AND (c.state = 'paid' AND p.id IS NULL OR c.state = 'accepted' AND p.id IS NOT NULL)
    ) THEN
        PERFORM microacq_refuse_work('paid_with_its_payment', 'a contract is paid when its payment is recorded');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_contract_is_paid AFTER UPDATE OF state ON submissions_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'paid')
    EXECUTE FUNCTION microacq_paid_with_its_payment();
CREATE CONSTRAINT TRIGGER microacq_payment_pays AFTER INSERT ON submissions_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_paid_with_its_payment();
"""

BACKWARD = """
DROP TRIGGER microacq_payment_pays ON submissions_payment;
DROP TRIGGER microacq_contract_is_paid ON submissions_contract;
DROP FUNCTION microacq_paid_with_its_payment();
DROP TRIGGER microacq_contract_payment ON submissions_payment;
DROP FUNCTION microacq_contract_payment();
DROP TRIGGER microacq_invoice_approved ON submissions_section34approval;
DROP FUNCTION microacq_invoice_approved();
DROP TRIGGER microacq_invoice_returned ON submissions_invoicereturn;
DROP FUNCTION microacq_invoice_returned();
DROP TRIGGER microacq_invoice_sent ON submissions_invoice;
DROP FUNCTION microacq_invoice_sent();
"""

KEEP = "".join(
    f"""
CREATE TRIGGER microacq_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('{sentence}');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('{sentence}');
CREATE TRIGGER microacq_moment BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION microacq_work_moment('{column}');
"""
    for table, (column, sentence) in KEPT.items()
)

FORGET = "".join(
    f"DROP TRIGGER microacq_moment ON {table};\nDROP TRIGGER microacq_not_emptied ON {table};\nDROP TRIGGER microacq_kept ON {table};\n"
    for table in KEPT
)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0051_payments")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(KEEP, FORGET)]
