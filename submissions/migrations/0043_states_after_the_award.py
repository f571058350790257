"""What ties a file to its evaluation, its selection and its offers knows the states of the work.

- A file whose work is under way, accepted, paid or terminated has a signed evaluation and a selection that counts.
- An offer that both have signed ends with its contract. The next in the order is offered the work for the date that was decided
  when it was passed on.
- Awards that were signed before this software knew contracts get theirs.

Each function is the one of 0032, 0036 or 0040, with what is given here in place of what was there.
"""

from django.db import migrations


def functions(*, selected: str, evaluated: str, delivery_date: str, ends: str, awarded: str) -> str:
    """The functions that know the states of a file.

    Args:
        selected: States with a selection that counts.
        evaluated: States with a signed evaluation.
        delivery_date: Until when the work that is offered now is delivered.
        ends: How an offer that both have signed changes.
        awarded: States of an offer that both have signed.
    """
    return f"""
CREATE OR REPLACE FUNCTION microacq_file_was_selected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_id bigint;
    file_state text;
    chosen boolean;
BEGIN
    IF TG_TABLE_NAME = 'submissions_solicitation' THEN file_id := NEW.id;
    ELSIF TG_TABLE_NAME = 'submissions_frozenlist' THEN file_id := NEW.solicitation_id;
    ELSE SELECT solicitation_id INTO file_id FROM submissions_frozenlist WHERE id = NEW.frozen_list_id;
    END IF;
    SELECT state INTO file_state FROM submissions_solicitation WHERE id = file_id;
    chosen := EXISTS (
        SELECT FROM submissions_frozenlist l
        WHERE l.solicitation_id = file_id
          AND NOT EXISTS (SELECT FROM submissions_voidedlist WHERE frozen_list_id = l.id)
          AND (jsonb_array_length(l.candidates) = 1 OR EXISTS (SELECT FROM submissions_draw WHERE frozen_list_id = l.id))
    );
    IF chosen IS DISTINCT FROM (file_state IN ({selected})) THEN
        PERFORM microacq_refuse_draw('file_selected_by_its_list', 'a file is selected by a list that was drawn or holds one application');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION microacq_file_was_evaluated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_id bigint;
    file_state text;
    signed boolean;
BEGIN
    IF TG_TABLE_NAME = 'submissions_round' THEN file_id := NEW.solicitation_id; ELSE file_id := NEW.id; END IF;
    SELECT state INTO file_state FROM submissions_solicitation WHERE id = file_id;
    signed := EXISTS (SELECT FROM submissions_round WHERE solicitation_id = file_id AND state = 'signed');
    IF file_state IN ({evaluated}) AND NOT signed
       OR file_state IN ('posted', 'opened', 'no_proposals') AND signed THEN
        PERFORM microacq_evaluation_refuses(
            'file_evaluated_by_a_signed_round', 'what follows the evaluation needs one that is signed off, and only that');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION microacq_file_awarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_award a JOIN submissions_offer o ON o.id = a.offer_id
        WHERE o.solicitation_id = NEW.id AND o.state IN ({awarded})
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'file_awarded_with_both_signatures',
            MESSAGE = 'a file is awarded only with both signatures';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION microacq_offer_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
BEGIN
    SELECT id, state, price, delivery_date INTO file
    FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    IF file.state <> 'selected' OR NEW.state <> 'offered' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_while_selected',
            MESSAGE = 'the work is offered while a supplier is selected';
    END IF;
    IF (NEW.price, NEW.delivery_date) IS DISTINCT FROM (file.price, {delivery_date}) THEN
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

CREATE OR REPLACE FUNCTION microacq_offer_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{{state,changed_at,locked_reason,declined_for,reminded}}'::text[]
       <> to_jsonb(OLD) - '{{state,changed_at,locked_reason,declined_for,reminded}}'::text[] THEN
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
        OR ({ends})
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'offer_moves_as_the_table_says',
            MESSAGE = format('an offer does not go from %s to %s now', OLD.state, NEW.state);
    END IF;
    NEW.changed_at := now();
    RETURN NEW;
END $$;
"""  # noqa: S608 – of this file’s own words alone


FORWARD = functions(
    selected="'selected', 'awarded', 'accepted', 'completed', 'terminated', 'not_accepted'",
    evaluated="'evaluated', 'selected', 'awarded', 'accepted', 'completed', 'terminated', 'none_suitable', 'not_accepted'",
    delivery_date="""coalesce((
        SELECT p.delivery_date FROM submissions_passedon p JOIN submissions_contract c ON c.id = p.contract_id
        WHERE c.solicitation_id = file.id ORDER BY p.id DESC LIMIT 1), file.delivery_date)""",
    ends="""OLD.state = 'awarded' AND NEW.state = 'ended' AND EXISTS (
            SELECT 1 FROM submissions_contractend e JOIN submissions_contract c ON c.id = e.contract_id
            WHERE c.offer_id = OLD.id)""",
    awarded="'awarded', 'ended'",
)

BACKWARD = functions(
    selected="'selected', 'awarded', 'not_accepted'",
    evaluated="'evaluated', 'selected', 'awarded', 'none_suitable', 'not_accepted'",
    delivery_date="file.delivery_date",
    ends="false",
    awarded="'awarded'",
)

EXISTING = """
INSERT INTO submissions_contract (offer_id, solicitation_id, state, price, delivery_date, repository, rounds, started_at)
SELECT o.id, f.id, 'under_way', a.value, a.delivery_date, f.repository, 3, a.countersigned_at
FROM submissions_award a
JOIN submissions_offer o ON o.id = a.offer_id
JOIN submissions_solicitation f ON f.id = o.solicitation_id
WHERE o.state = 'awarded' AND f.state = 'awarded';
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0042_contract_triggers")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
