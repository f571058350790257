"""One address has one proposal in the competition; a second waits for a word that only a mailed link gives.

- A proposal arrives sent or waiting; what it replaces came with the same link, or was entered by staff for the same
  person, or is of an address to which the link was mailed in place of a lost one.
- Waiting becomes sent only in the transaction that keeps the word of the owner of the address, before the deadline.
- What gave way to one that came with another link can still be withdrawn by its own link, so that the page of that link need
  not tell what became of it; it can be confirmed after an amendment for the same reason.
- Mailed links, and the words given with them, are kept.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_proposal_gave_way(version_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM submissions_addressconfirmation WHERE replaced_id = version_id)
        OR EXISTS (
            SELECT 1 FROM submissions_proposal own JOIN submissions_proposal later ON later.replaces_id = own.id
            WHERE own.id = version_id AND later.link_digest <> own.link_digest
        )
$$;

CREATE OR REPLACE FUNCTION microacq_proposal_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before record;
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
    IF NEW.state NOT IN ('sent', 'waiting') OR substring(NEW.sealed FROM 1 FOR 21) <> convert_to('age-encryption.org/v1', 'UTF8') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'proposal_arrives_sealed',
            MESSAGE = 'an application arrives sealed';
    END IF;
    IF NEW.replaces_id IS NOT NULL THEN
        SELECT solicitation_id, link_digest, address_digest, entered_by_id INTO before
        FROM submissions_proposal WHERE id = NEW.replaces_id;
        IF before.solicitation_id IS DISTINCT FROM NEW.solicitation_id OR NOT (
            before.link_digest = NEW.link_digest
            OR (before.entered_by_id IS NOT NULL AND NEW.entered_by_id IS NOT NULL
                AND before.address_digest = NEW.address_digest)
            OR EXISTS (
                SELECT 1 FROM submissions_mailedlink given JOIN submissions_proposal lost ON lost.id = given.proposal_id
                WHERE given.kind = 'recover' AND given.digest = NEW.link_digest
                  AND lost.solicitation_id = before.solicitation_id AND lost.address_digest = before.address_digest
            )
        ) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'check_violation',
                CONSTRAINT = 'proposal_replaces_its_own',
                MESSAGE = 'an application replaces one of the same link, or of an address that a link was mailed to';
        END IF;
    END IF;
    NEW.arrived_at := now();
    NEW.state_changed_at := NULL;
    NEW.size := octet_length(NEW.sealed);
    NEW.sealed_digest := encode(sha256(NEW.sealed), 'hex');
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION microacq_proposal_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.state_changed_at := OLD.state_changed_at;
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' OR NOT (
        (OLD.state IN ('sent', 'waiting') AND NEW.state IN ('replaced', 'withdrawn'))
        OR (OLD.state = 'waiting' AND NEW.state = 'sent' AND EXISTS (
            SELECT 1 FROM submissions_addressconfirmation WHERE proposal_id = OLD.id AND confirmed_at = now()
        ))
        OR (OLD.state = 'replaced' AND NEW.state = 'withdrawn' AND microacq_proposal_gave_way(OLD.id))
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'an application stays as it was sent; only its state changes, as the state table says';
    END IF;
    PERFORM microacq_proposal_takes_part(OLD.solicitation_id);
    NEW.state_changed_at := now();
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION microacq_proposal_confirms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal record;
BEGIN
    SELECT solicitation_id, state INTO proposal FROM submissions_proposal WHERE id = NEW.proposal_id;
    PERFORM microacq_proposal_takes_part(proposal.solicitation_id);
    IF proposal.state NOT IN ('sent', 'waiting') AND NOT (
        proposal.state = 'replaced'
        AND microacq_proposal_gave_way(NEW.proposal_id)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'proposal_confirmed_while_sent',
            MESSAGE = 'only an application that its supplier can still change can be confirmed';
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

CREATE FUNCTION microacq_address_confirms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal record;
    given record;
    first record;
BEGIN
    SELECT solicitation_id, address_digest, state INTO proposal
    FROM submissions_proposal WHERE id = NEW.proposal_id FOR UPDATE;
    PERFORM microacq_proposal_takes_part(proposal.solicitation_id);
    SELECT kind, proposal_id INTO given FROM submissions_mailedlink WHERE id = NEW.link_id;
    IF proposal.state <> 'waiting' OR given.kind IS DISTINCT FROM 'count'
        OR given.proposal_id IS DISTINCT FROM NEW.proposal_id THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'address_confirmed_by_mailed_link',
            MESSAGE = 'an application that waits counts by the link that was mailed with it, and by no other';
    END IF;
    IF NEW.replaced_id IS NOT NULL THEN
        SELECT solicitation_id, address_digest, state INTO first
        FROM submissions_proposal WHERE id = NEW.replaced_id FOR UPDATE;
        IF (first.solicitation_id, first.address_digest, first.state)
           IS DISTINCT FROM (proposal.solicitation_id, proposal.address_digest, 'sent'::varchar) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'check_violation',
                CONSTRAINT = 'address_confirmed_in_place_of_its_own',
                MESSAGE = 'an application takes the place of another of its own address only';
        END IF;
    END IF;
    NEW.confirmed_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_address_confirms BEFORE INSERT ON submissions_addressconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_address_confirms();
CREATE TRIGGER microacq_address_confirmation_kept BEFORE UPDATE OR DELETE ON submissions_addressconfirmation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what the owner of an address confirmed is kept');
CREATE TRIGGER microacq_address_confirmation_not_emptied BEFORE TRUNCATE ON submissions_addressconfirmation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what the owner of an address confirmed is kept');

CREATE FUNCTION microacq_mailed_link_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.made_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_mailed_link_made BEFORE INSERT ON submissions_mailedlink
    FOR EACH ROW EXECUTE FUNCTION microacq_mailed_link_made();
CREATE TRIGGER microacq_mailed_link_kept BEFORE UPDATE OR DELETE ON submissions_mailedlink
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was mailed is kept');
CREATE TRIGGER microacq_mailed_link_not_emptied BEFORE TRUNCATE ON submissions_mailedlink
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was mailed is kept');
"""

BACKWARD = """
DROP TRIGGER microacq_mailed_link_not_emptied ON submissions_mailedlink;
DROP TRIGGER microacq_mailed_link_kept ON submissions_mailedlink;
DROP TRIGGER microacq_mailed_link_made ON submissions_mailedlink;
DROP FUNCTION microacq_mailed_link_made();
DROP TRIGGER microacq_address_confirmation_not_emptied ON submissions_addressconfirmation;
DROP TRIGGER microacq_address_confirmation_kept ON submissions_addressconfirmation;
DROP TRIGGER microacq_address_confirms ON submissions_addressconfirmation;
DROP FUNCTION microacq_address_confirms();

CREATE OR REPLACE FUNCTION microacq_proposal_confirms() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION microacq_proposal_ends() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION microacq_proposal_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP FUNCTION microacq_proposal_gave_way(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0024_second_applications")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
