"""A list holds exactly what passed, its input is the announced one, and the work is offered in the drawn order.

The software did so before; now the database refuses anything else, whoever writes to it.

- A frozen list holds every application that passed its signed evaluation, and no other. A file ends with none suitable
  only where none passed.
- Which result of a public source counts follows from the time of the freeze (``selection/sources.py``).
- An offer is made to the next in the order of the list that counts, knows when that list selected, and names among those
  who do not countersign it who froze the list and who drew.
"""

from django.db import migrations

FORWARD = """
-- What ``evaluation/rules.py`` calls passing, of a round that is settled.
CREATE FUNCTION microacq_round_passing(of_round bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT p.receipt_number
    FROM submissions_candidate c
    JOIN submissions_proposal p ON p.id = c.proposal_id
    JOIN submissions_round r ON r.id = c.round_id
    WHERE c.round_id = of_round
      AND EXISTS (SELECT FROM submissions_posteditem i WHERE i.posting_id = r.posting_id AND i.kind = 'evaluation')
      AND NOT EXISTS (
          SELECT FROM submissions_posteditem i
          WHERE i.posting_id = r.posting_id AND i.kind = 'evaluation' AND coalesce(
              (SELECT k.passed FROM submissions_consensus k WHERE k.candidate_id = c.id AND k.item_id = i.id),
              (SELECT bool_and(v.passed) FROM submissions_verdict v
               JOIN submissions_assignment a ON a.id = v.assignment_id
               WHERE a.round_id = of_round AND a.ended = '' AND v.candidate_id = c.id AND v.item_id = i.id),
              false
          ) IS FALSE
      )
$$;

-- Nothing for a source that this function does not know.
CREATE FUNCTION microacq_occurrence(source text, frozen_at timestamptz, OUT name text, OUT known_from timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    first_round constant timestamptz := to_timestamp(1692803367);
    number bigint;
BEGIN
    IF source = 'lotto-649' THEN
        SELECT to_char(days.day, 'YYYY-MM-DD'), evening.moment INTO name, known_from
        FROM generate_series(0, 7) AS ahead,
             LATERAL (SELECT ((frozen_at + interval '12 hours') AT TIME ZONE 'America/Toronto')::date + ahead AS day) AS days,
             LATERAL (SELECT (days.day + time '22:30') AT TIME ZONE 'America/Toronto' AS moment) AS evening
        WHERE extract(isodow FROM days.day) IN (3, 6) AND evening.moment >= frozen_at + interval '12 hours'
        ORDER BY ahead LIMIT 1;
    ELSIF source = 'drand-quicknet' THEN
        number := ceil(extract(epoch FROM frozen_at + interval '1 hour' - first_round) / 3) + 1;
        name := number::text;
        known_from := first_round + (number - 1) * interval '3 seconds';
    ELSIF source = 'witnesses' THEN
        name := to_char(frozen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
        known_from := frozen_at;
    END IF;
END $$;

CREATE FUNCTION microacq_list_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said record;
    source text;
BEGIN
    IF EXISTS (
        (SELECT microacq_round_passing(NEW.round_id) EXCEPT SELECT jsonb_array_elements_text(NEW.candidates))
        UNION ALL
        (SELECT jsonb_array_elements_text(NEW.candidates) EXCEPT SELECT microacq_round_passing(NEW.round_id))
    ) THEN
        PERFORM microacq_refuse_draw('list_of_what_passed', 'a list holds what passed the evaluation, all of it and nothing else');
    END IF;
    IF NEW.occurs_at IS NOT NULL THEN
        SELECT source_key INTO source FROM submissions_drawcommitment WHERE id = NEW.commitment_id;
        SELECT * INTO said FROM microacq_occurrence(source, NEW.frozen_at);
        IF said.name IS NOT NULL AND (said.name, said.known_from) IS DISTINCT FROM (NEW.occurrence::text, NEW.occurs_at) THEN
            PERFORM microacq_refuse_draw('input_of_the_announced_source', 'which result counts follows from the time of the freeze');
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER microacq_list_follows AFTER INSERT ON submissions_frozenlist
    FOR EACH ROW EXECUTE FUNCTION microacq_list_follows();

CREATE FUNCTION microacq_none_was_suitable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM submissions_round r, microacq_round_passing(r.id)
        WHERE r.solicitation_id = NEW.id AND r.state = 'signed'
    ) THEN
        PERFORM microacq_refuse_draw('none_suitable_where_none_passed', 'a file ends with none suitable only where none passed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_none_was_suitable BEFORE UPDATE OF state ON submissions_solicitation
    FOR EACH ROW WHEN (NEW.state = 'none_suitable' AND OLD.state <> 'none_suitable')
    EXECUTE FUNCTION microacq_none_was_suitable();

-- After ``microacq_offer_made``, which has locked the file.
CREATE FUNCTION microacq_offer_made_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counting record;
    asked integer;
BEGIN
    SELECT coalesce(d.order, l.candidates) AS receipts, coalesce(d.drawn_at, l.frozen_at) AS selected_at,
           array_remove(ARRAY[l.frozen_by_id, d.drawn_by_id], NULL)::integer[] AS selectors
    INTO counting
    FROM submissions_frozenlist l LEFT JOIN submissions_draw d ON d.frozen_list_id = l.id
    WHERE l.solicitation_id = NEW.solicitation_id
      AND NOT EXISTS (SELECT FROM submissions_voidedlist WHERE frozen_list_id = l.id)
      AND (d.id IS NOT NULL OR jsonb_array_length(l.candidates) = 1);
    SELECT count(*) INTO asked FROM submissions_offer
    WHERE solicitation_id = NEW.solicitation_id AND selected_at = counting.selected_at AND state <> 'voided';
    IF counting IS NULL OR NEW.selected_at <> counting.selected_at OR NEW.rank <> asked + 1
       OR counting.receipts ->> (NEW.rank - 1) IS DISTINCT FROM (
           SELECT receipt_number FROM submissions_proposal WHERE id = NEW.proposal_id
       ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_in_turn',
            MESSAGE = 'the work is offered to the next in the order of the selection';
    END IF;
    IF NOT NEW.selectors::integer[] @> counting.selectors THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'offer_names_who_selected',
            MESSAGE = 'an offer names who selected, so that none of them signs the award';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_offer_made_in_turn BEFORE INSERT ON submissions_offer
    FOR EACH ROW EXECUTE FUNCTION microacq_offer_made_in_turn();

CREATE FUNCTION microacq_nobody_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM submissions_frozenlist l
        WHERE l.solicitation_id = NEW.id
          AND NOT EXISTS (SELECT FROM submissions_voidedlist WHERE frozen_list_id = l.id)
          AND jsonb_array_length(l.candidates) <> (
              SELECT count(*) FROM submissions_offer o
              WHERE o.solicitation_id = NEW.id AND o.state IN ('declined', 'lapsed', 'not_eligible')
                AND o.selected_at >= l.frozen_at
          )
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'not_accepted_when_all_were_asked',
            MESSAGE = 'a file ends without an acceptance when everybody in the order was asked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_nobody_accepted AFTER UPDATE OF state ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'not_accepted' AND OLD.state <> 'not_accepted')
    EXECUTE FUNCTION microacq_nobody_accepted();

CREATE TRIGGER microacq_file_people_kept BEFORE UPDATE OF client_id, posted_by_id ON submissions_solicitation
    FOR EACH ROW
    WHEN (OLD.client_id IS NOT NULL AND NEW.client_id IS DISTINCT FROM OLD.client_id
          OR OLD.posted_by_id IS NOT NULL AND NEW.posted_by_id IS DISTINCT FROM OLD.posted_by_id)
    EXECUTE FUNCTION microacq_refuse('whose file it is, and who posted it, stay as they were');
"""

BACKWARD = """
DROP TRIGGER microacq_file_people_kept ON submissions_solicitation;
DROP TRIGGER microacq_nobody_accepted ON submissions_solicitation;
DROP FUNCTION microacq_nobody_accepted();
DROP TRIGGER microacq_offer_made_in_turn ON submissions_offer;
DROP FUNCTION microacq_offer_made_in_turn();
DROP TRIGGER microacq_none_was_suitable ON submissions_solicitation;
DROP FUNCTION microacq_none_was_suitable();
DROP TRIGGER microacq_list_follows ON submissions_frozenlist;
DROP FUNCTION microacq_list_follows();
DROP FUNCTION microacq_occurrence(text, timestamptz);
DROP FUNCTION microacq_round_passing(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0042_answers_and_reasons_triggers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
