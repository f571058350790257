"""Personal data is erased only with a certificate, once its file has ended and its time is over; packages stay.

- A certificate is kept of a file that has ended, when its time is over by the database's clock, and not from before the
  last act that used the file.
- In the transaction that keeps the certificate, and in no other, a personal column of that file may be replaced by a mark:
  of exactly the rows that the certificate names, each with the digest that it has there. Everything else of a row stays.
- ``microacq_refuse``, which keeps every row that is never changed, lets that one change pass, and so do the triggers
  of the tables that have their own.
- Certificates and packages for access to information are kept as they were made.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_personal_columns(of_table text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE of_table
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
        WHEN 'submissions_delivery' THEN ARRAY['locked_words']
        WHEN 'submissions_evidence' THEN ARRAY['locked_content', 'name']
        WHEN 'submissions_invoice' THEN ARRAY['locked_words', 'locked_content', 'name']
        WHEN 'submissions_invoicereturn' THEN ARRAY['locked_reason']
        WHEN 'submissions_accesspackage' THEN ARRAY['choices']
    END
$$;

-- The file that a row belongs to, found along the keys that rows of files have.
CREATE FUNCTION microacq_file_of(of_table text, line jsonb) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF line ? 'solicitation_id' THEN
        RETURN (line ->> 'solicitation_id')::bigint;
    ELSIF of_table = 'submissions_endanswer' THEN
        RETURN (SELECT c.solicitation_id FROM submissions_endproposal e
                JOIN submissions_contract c ON c.id = e.contract_id WHERE e.id = (line ->> 'proposal_id')::bigint);
    ELSIF line ? 'contract_id' THEN
        RETURN (SELECT solicitation_id FROM submissions_contract WHERE id = (line ->> 'contract_id')::bigint);
    ELSIF line ? 'extension_id' THEN
        RETURN (SELECT c.solicitation_id FROM submissions_extension e
                JOIN submissions_contract c ON c.id = e.contract_id WHERE e.id = (line ->> 'extension_id')::bigint);
    ELSIF line ? 'delivery_id' THEN
        RETURN (SELECT c.solicitation_id FROM submissions_delivery d
                JOIN submissions_contract c ON c.id = d.contract_id WHERE d.id = (line ->> 'delivery_id')::bigint);
    ELSIF line ? 'invoice_id' THEN
        RETURN (SELECT c.solicitation_id FROM submissions_invoice i
                JOIN submissions_contract c ON c.id = i.contract_id WHERE i.id = (line ->> 'invoice_id')::bigint);
    ELSIF line ? 'proposal_id' THEN
        RETURN (SELECT solicitation_id FROM submissions_proposal WHERE id = (line ->> 'proposal_id')::bigint);
    ELSIF line ? 'offer_id' THEN
        RETURN (SELECT solicitation_id FROM submissions_offer WHERE id = (line ->> 'offer_id')::bigint);
    ELSIF line ? 'candidate_id' THEN
        RETURN (SELECT p.solicitation_id FROM submissions_candidate c
                JOIN submissions_proposal p ON p.id = c.proposal_id WHERE c.id = (line ->> 'candidate_id')::bigint);
    ELSIF line ? 'request_id' THEN
        RETURN (SELECT p.solicitation_id FROM submissions_debriefrequest r
                JOIN submissions_proposal p ON p.id = r.proposal_id WHERE r.id = (line ->> 'request_id')::bigint);
    END IF;
    RETURN NULL;
END $$;

-- What a certificate says of a value: its SHA-256, or nothing where a digest could be guessed.
CREATE FUNCTION microacq_digest_of(value text, is_binary boolean) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(CASE WHEN is_binary THEN decode(substr(value, 3), 'hex') ELSE convert_to(value, 'UTF8') END), 'hex')
$$;

CREATE FUNCTION microacq_erases(of_table text, before jsonb, after jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    personal text[] := microacq_personal_columns(of_table);
    changed text[];
BEGIN
    IF personal IS NULL OR before - personal <> after - personal THEN
        RETURN false;
    END IF;
    SELECT array_agg(name) INTO changed FROM unnest(personal) name WHERE before ->> name IS DISTINCT FROM after ->> name;
    IF changed IS NULL OR EXISTS (
        SELECT FROM unnest(changed) name
        WHERE after ->> name NOT IN ('erased', '\\x657261736564', 'erased:' || (after ->> 'id'))
    ) THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM unnest(changed) name
        WHERE NOT EXISTS (
            SELECT FROM submissions_erasurecertificate c
            WHERE c.solicitation_id = microacq_file_of(of_table, after) AND c.transaction = txid_current()
              AND c.manifest -> (of_table || '.' || name) ->> (after ->> 'id') IN (
                '', microacq_digest_of(before ->> name, name IN ('sealed', 'locked_content'))
            )
        )
    );
END $$;

CREATE OR REPLACE FUNCTION microacq_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
        IF microacq_erases(TG_TABLE_NAME::text, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('%s on %s is refused: %s', lower(TG_OP), TG_TABLE_NAME, TG_ARGV[0]);
END $$;

CREATE OR REPLACE TRIGGER microacq_proposal_ends BEFORE UPDATE ON submissions_proposal
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state OR NOT microacq_erases('submissions_proposal', to_jsonb(OLD.*), to_jsonb(NEW.*))
    ) EXECUTE FUNCTION microacq_proposal_ends();
CREATE OR REPLACE TRIGGER microacq_offer_moves BEFORE UPDATE ON submissions_offer
    FOR EACH ROW WHEN (
        OLD.state <> NEW.state OR NOT microacq_erases('submissions_offer', to_jsonb(OLD.*), to_jsonb(NEW.*))
    ) EXECUTE FUNCTION microacq_offer_moves();
CREATE OR REPLACE TRIGGER microacq_clarification_answered BEFORE UPDATE ON submissions_clarification
    FOR EACH ROW WHEN (NOT microacq_erases('submissions_clarification', to_jsonb(OLD.*), to_jsonb(NEW.*)))
    EXECUTE FUNCTION microacq_clarification_answered();
CREATE OR REPLACE TRIGGER microacq_translation_written BEFORE UPDATE ON submissions_workingtranslation
    FOR EACH ROW WHEN (NOT microacq_erases('submissions_workingtranslation', to_jsonb(OLD.*), to_jsonb(NEW.*)))
    EXECUTE FUNCTION microacq_translation_written();

CREATE FUNCTION microacq_erasure_certified() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
BEGIN
    SELECT number, state INTO file FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    IF file.state NOT IN ('no_proposals', 'none_suitable', 'not_accepted', 'cancelled', 'completed', 'terminated') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'erasure_of_an_ended_file',
            MESSAGE = 'personal data is erased of files that have ended';
    END IF;
    IF NEW.retained_until > clock_timestamp() THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'erasure_when_its_time_is_over',
            MESSAGE = 'personal data is kept until its retention period is over';
    END IF;
    IF NEW.ended_at < (
        SELECT max(happened_at) FROM submissions_auditentry
        WHERE file_number = file.number AND action ~ '^(file|debrief|contract|payment)[.]'
          AND action NOT IN (
            'contract.read', 'contract.evidence_read', 'contract.history_read',
            'contract.refused', 'payment.invoice_read', 'file.personal_data_erased', 'file.verified',
            'file.decision_refused', 'file.open_refused')
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'erasure_counts_from_the_last_use',
            MESSAGE = 'the retention period begins with the last act that used the file';
    END IF;
    NEW.made_at := now();
    NEW.transaction := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_erasure_certified BEFORE INSERT ON submissions_erasurecertificate
    FOR EACH ROW EXECUTE FUNCTION microacq_erasure_certified();
CREATE TRIGGER microacq_erasure_kept BEFORE UPDATE OR DELETE ON submissions_erasurecertificate
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('certificates of erasure are kept');
CREATE TRIGGER microacq_erasure_not_emptied BEFORE TRUNCATE ON submissions_erasurecertificate
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('certificates of erasure are kept');

CREATE FUNCTION microacq_package_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.made_at := now();
    NEW.digest := encode(sha256(NEW.content), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_package_made BEFORE INSERT ON submissions_accesspackage
    FOR EACH ROW EXECUTE FUNCTION microacq_package_made();
CREATE TRIGGER microacq_package_kept BEFORE UPDATE OR DELETE ON submissions_accesspackage
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was disclosed is kept');
CREATE TRIGGER microacq_package_not_emptied BEFORE TRUNCATE ON submissions_accesspackage
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was disclosed is kept');
"""

BACKWARD = """
DROP TRIGGER microacq_package_not_emptied ON submissions_accesspackage;
DROP TRIGGER microacq_package_kept ON submissions_accesspackage;
DROP TRIGGER microacq_package_made ON submissions_accesspackage;
DROP FUNCTION microacq_package_made();
DROP TRIGGER microacq_erasure_not_emptied ON submissions_erasurecertificate;
DROP TRIGGER microacq_erasure_kept ON submissions_erasurecertificate;
DROP TRIGGER microacq_erasure_certified ON submissions_erasurecertificate;
DROP FUNCTION microacq_erasure_certified();
CREATE OR REPLACE TRIGGER microacq_translation_written BEFORE UPDATE ON submissions_workingtranslation
    FOR EACH ROW EXECUTE FUNCTION microacq_translation_written();
CREATE OR REPLACE TRIGGER microacq_clarification_answered BEFORE UPDATE ON submissions_clarification
    FOR EACH ROW EXECUTE FUNCTION microacq_clarification_answered();
CREATE OR REPLACE TRIGGER microacq_offer_moves BEFORE UPDATE ON submissions_offer
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_moves();
CREATE OR REPLACE TRIGGER microacq_proposal_ends BEFORE UPDATE ON submissions_proposal
    FOR EACH ROW EXECUTE FUNCTION microacq_proposal_ends();
CREATE OR REPLACE FUNCTION microacq_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('%s on %s is refused: %s', lower(TG_OP), TG_TABLE_NAME, TG_ARGV[0]);
END $$;
DROP FUNCTION microacq_erases(text, jsonb, jsonb);
DROP FUNCTION microacq_digest_of(text, boolean);
DROP FUNCTION microacq_file_of(text, jsonb);
DROP FUNCTION microacq_personal_columns(text);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0047_archive")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
