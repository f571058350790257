"""What makes a draw fair, held by the database whatever the software does.

- A commitment is made before its list; another only when the list before it was voided.
- A list is frozen once for a signed evaluation, while the file is evaluated; it holds applications of that evaluation, and
  its digest is that of its text. A result that counts for it is known only after the freeze.
- What is entered comes after that result by the database's clock, before the draw, and never to a voided list.
- A draw is of two different people; its secret is what was committed to; its text and its order are computed here again.
- A file is selected, awarded or ended without an acceptance exactly while a list of it counts that was drawn, or holds one
  application; compared at commit, whichever was written.
- Nothing of it is changed, deleted or emptied. Times are the database's own (``clock_timestamp()``: the moment of the row, not
  of its transaction).
"""

from django.db import migrations

KEPT = {
    "submissions_drawcommitment": "a commitment is kept",
    "submissions_frozenlist": "a frozen list is kept as it was frozen",
    "submissions_inputentry": "what was entered for a draw is kept",
    "submissions_draw": "a draw is kept as it was drawn",
    "submissions_voidedlist": "what was voided is kept",
}

FORWARD = """
CREATE FUNCTION microacq_refuse_draw(rule text, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = sentence;
END $$;

CREATE FUNCTION microacq_sha256(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(said, 'UTF8')), 'hex')
$$;

-- OCTO-41: the SHA-256 of the hexadecimal of the name, a slash and the public text.
CREATE FUNCTION microacq_octo_41(name text, said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT microacq_sha256(encode(convert_to(name || '/' || said, 'UTF8'), 'hex'))
$$;

-- The row that the acts of a selection wait for each other at: the role of the site may lock no row that it may not change.
CREATE FUNCTION microacq_lock_file_of_list(list_id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM submissions_solicitation
    WHERE id = (SELECT solicitation_id FROM submissions_frozenlist WHERE id = list_id) FOR UPDATE;
END $$;

CREATE FUNCTION microacq_commitment_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM 1 FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    SELECT c.sequence, v.id AS voided INTO last
    FROM submissions_drawcommitment c
    LEFT JOIN submissions_frozenlist l ON l.commitment_id = c.id
    LEFT JOIN submissions_voidedlist v ON v.frozen_list_id = l.id
    WHERE c.solicitation_id = NEW.solicitation_id ORDER BY c.sequence DESC LIMIT 1;
    IF NEW.sequence <> coalesce(last.sequence, 0) + 1 OR (last.sequence IS NOT NULL AND last.voided IS NULL) THEN
        PERFORM microacq_refuse_draw('commitment_in_order', 'another secret is committed to only when a list was voided');
    END IF;
    NEW.made_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_commitment_made BEFORE INSERT ON submissions_drawcommitment
    FOR EACH ROW EXECUTE FUNCTION microacq_commitment_made();

CREATE FUNCTION microacq_list_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
    committed record;
    evaluated record;
    said jsonb;
BEGIN
    SELECT number, state INTO file FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR UPDATE;
    SELECT solicitation_id, sequence, made_at INTO committed FROM submissions_drawcommitment WHERE id = NEW.commitment_id;
    SELECT solicitation_id, state, digest INTO evaluated FROM submissions_round WHERE id = NEW.round_id;
    IF file.state <> 'evaluated' OR evaluated.solicitation_id <> NEW.solicitation_id OR evaluated.state <> 'signed' THEN
        PERFORM microacq_refuse_draw('list_of_a_signed_evaluation', 'a list is frozen when the evaluation is signed off');
    END IF;
    IF committed.solicitation_id <> NEW.solicitation_id OR committed.made_at >= NEW.frozen_at THEN
        PERFORM microacq_refuse_draw('list_after_its_commitment', 'a list is frozen after the commitment to its secret');
    END IF;
    IF NEW.frozen_at < now() OR NEW.frozen_at > clock_timestamp() THEN
        PERFORM microacq_refuse_draw('list_frozen_now', 'a list is frozen at the time of its freeze');
    END IF;
    said := NEW.canonical::jsonb;
    IF NEW.digest <> microacq_sha256(NEW.canonical) OR said <> jsonb_build_object(
        'candidates', NEW.candidates, 'evaluation', evaluated.digest, 'file', file.number,
        'list', committed.sequence, 'method', 'v1'
    ) THEN
        PERFORM microacq_refuse_draw('list_says_what_it_holds', 'the digest of a list is that of what it holds');
    END IF;
    IF jsonb_array_length(NEW.candidates) = 0 OR jsonb_array_length(NEW.candidates) <> (
        SELECT count(DISTINCT p.id) FROM jsonb_array_elements_text(NEW.candidates) named(receipt)
        JOIN submissions_proposal p ON p.receipt_number = named.receipt
        JOIN submissions_candidate c ON c.proposal_id = p.id
        WHERE c.round_id = NEW.round_id AND p.solicitation_id = NEW.solicitation_id
    ) THEN
        PERFORM microacq_refuse_draw('list_of_evaluated_applications', 'a list holds applications of its evaluation, each once');
    END IF;
    IF (jsonb_array_length(NEW.candidates) = 1) <> (NEW.occurs_at IS NULL) THEN
        PERFORM microacq_refuse_draw('list_of_one_draws_nothing', 'of several a draw is announced, of one none');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_list_frozen BEFORE INSERT ON submissions_frozenlist
    FOR EACH ROW EXECUTE FUNCTION microacq_list_frozen();

CREATE FUNCTION microacq_input_entered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    list record;
BEGIN
    PERFORM microacq_lock_file_of_list(NEW.frozen_list_id);
    SELECT l.frozen_at, l.occurs_at, c.source_key INTO list
    FROM submissions_frozenlist l JOIN submissions_drawcommitment c ON c.id = l.commitment_id
    WHERE l.id = NEW.frozen_list_id;
    NEW.entered_at := clock_timestamp();
    IF list.occurs_at IS NULL OR NEW.entered_at <= list.occurs_at OR NEW.entered_at <= list.frozen_at THEN
        PERFORM microacq_refuse_draw('input_after_the_freeze', 'the public input is entered after it became known, which is after the freeze');
    END IF;
    IF EXISTS (SELECT 1 FROM submissions_draw WHERE frozen_list_id = NEW.frozen_list_id)
       OR EXISTS (SELECT 1 FROM submissions_voidedlist WHERE frozen_list_id = NEW.frozen_list_id) THEN
        PERFORM microacq_refuse_draw('input_before_the_draw', 'nothing is entered for a list that was drawn or voided');
    END IF;
    IF list.source_key = 'witnesses' AND (
        (SELECT count(*) FROM submissions_inputentry WHERE frozen_list_id = NEW.frozen_list_id) >= 2
        OR EXISTS (SELECT 1 FROM submissions_inputentry
                   WHERE frozen_list_id = NEW.frozen_list_id AND entered_by_id = NEW.entered_by_id)
    ) THEN
        PERFORM microacq_refuse_draw('witness_speaks_once', 'two witnesses speak, each once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_input_entered BEFORE INSERT ON submissions_inputentry
    FOR EACH ROW EXECUTE FUNCTION microacq_input_entered();

CREATE FUNCTION microacq_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    list record;
    one record;
    other record;
BEGIN
    PERFORM microacq_lock_file_of_list(NEW.frozen_list_id);
    SELECT l.candidates, l.digest, l.occurrence, c.digest AS committed, c.source_key, f.number, f.state INTO list
    FROM submissions_frozenlist l
    JOIN submissions_drawcommitment c ON c.id = l.commitment_id
    JOIN submissions_solicitation f ON f.id = l.solicitation_id
    WHERE l.id = NEW.frozen_list_id;
    SELECT * INTO one FROM submissions_inputentry WHERE id = NEW.first_id;
    SELECT * INTO other FROM submissions_inputentry WHERE id = NEW.second_id;
    IF list.state <> 'evaluated'
       OR EXISTS (SELECT 1 FROM submissions_voidedlist WHERE frozen_list_id = NEW.frozen_list_id) THEN
        PERFORM microacq_refuse_draw('draw_of_a_list_that_counts', 'a list is drawn while it counts');
    END IF;
    IF one.frozen_list_id <> NEW.frozen_list_id OR other.frozen_list_id <> NEW.frozen_list_id
       OR one.entered_by_id = other.entered_by_id OR one.id >= other.id
       OR EXISTS (SELECT 1 FROM submissions_inputentry later
                  WHERE later.frozen_list_id = NEW.frozen_list_id
                    AND (later.entered_by_id = one.entered_by_id AND later.id > one.id
                         OR later.entered_by_id = other.entered_by_id AND later.id > other.id)) THEN
        PERFORM microacq_refuse_draw('draw_of_two_people', 'the public input is what two different people entered last');
    END IF;
    IF list.source_key <> 'witnesses' AND one.text <> other.text THEN
        PERFORM microacq_refuse_draw('draw_of_what_two_read', 'two people read the same at the source');
    END IF;
    IF microacq_sha256(NEW.secret) <> list.committed THEN
        PERFORM microacq_refuse_draw('draw_with_the_committed_secret', 'the secret is the one that was committed to');
    END IF;
    IF NEW.public_input <> list.source_key || ' ' || list.occurrence || ' ' ||
        (CASE WHEN list.source_key = 'witnesses' THEN one.text || ' | ' || other.text ELSE one.text END)
       OR NEW.public_text <> concat_ws('/', 'v1', list.number, list.digest, NEW.secret, NEW.public_input) THEN
        PERFORM microacq_refuse_draw('draw_with_the_public_text', 'the public text is made of what was published');
    END IF;
    IF NEW.order IS DISTINCT FROM (
        SELECT jsonb_agg(name ORDER BY microacq_octo_41(name, NEW.public_text) COLLATE "C" DESC, name COLLATE "C" DESC)
        FROM jsonb_array_elements_text(list.candidates) named(name)
    ) THEN
        PERFORM microacq_refuse_draw('draw_in_the_drawn_order', 'the order is the one that the public text gives');
    END IF;
    NEW.drawn_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_drawn BEFORE INSERT ON submissions_draw
    FOR EACH ROW EXECUTE FUNCTION microacq_drawn();

CREATE FUNCTION microacq_list_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM microacq_lock_file_of_list(NEW.frozen_list_id);
    IF microacq_sha256(NEW.secret) IS DISTINCT FROM (
        SELECT c.digest FROM submissions_frozenlist l JOIN submissions_drawcommitment c ON c.id = l.commitment_id
        WHERE l.id = NEW.frozen_list_id
    ) THEN
        PERFORM microacq_refuse_draw('void_reveals_the_secret', 'a voided list reveals the secret that was committed to');
    END IF;
    NEW.voided_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_list_voided BEFORE INSERT ON submissions_voidedlist
    FOR EACH ROW EXECUTE FUNCTION microacq_list_voided();

CREATE FUNCTION microacq_file_was_selected() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF chosen IS DISTINCT FROM (file_state IN ('selected', 'awarded', 'not_accepted')) THEN
        PERFORM microacq_refuse_draw('file_selected_by_its_list', 'a file is selected by a list that was drawn or holds one application');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER microacq_file_was_selected AFTER UPDATE OF state ON submissions_solicitation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_selected();
CREATE CONSTRAINT TRIGGER microacq_list_of_file AFTER INSERT ON submissions_frozenlist
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_selected();
CREATE CONSTRAINT TRIGGER microacq_draw_of_file AFTER INSERT ON submissions_draw
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_selected();
CREATE CONSTRAINT TRIGGER microacq_void_of_file AFTER INSERT ON submissions_voidedlist
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_file_was_selected();
"""

KEEP = "".join(
    f"""
CREATE TRIGGER microacq_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('{sentence}');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('{sentence}');
"""
    for table, sentence in KEPT.items()
)

FORGET = "".join(
    f"DROP TRIGGER microacq_not_emptied ON {table}; DROP TRIGGER microacq_kept ON {table};\n"
    for table in KEPT
)

BACKWARD = """
DROP TRIGGER microacq_void_of_file ON submissions_voidedlist;
DROP TRIGGER microacq_draw_of_file ON submissions_draw;
DROP TRIGGER microacq_list_of_file ON submissions_frozenlist;
DROP TRIGGER microacq_file_was_selected ON submissions_solicitation;
DROP FUNCTION microacq_file_was_selected();
DROP TRIGGER microacq_list_voided ON submissions_voidedlist;
DROP TRIGGER microacq_drawn ON submissions_draw;
DROP TRIGGER microacq_input_entered ON submissions_inputentry;
DROP TRIGGER microacq_list_frozen ON submissions_frozenlist;
DROP TRIGGER microacq_commitment_made ON submissions_drawcommitment;
DROP FUNCTION microacq_list_voided();
DROP FUNCTION microacq_drawn();
DROP FUNCTION microacq_input_entered();
DROP FUNCTION microacq_list_frozen();
DROP FUNCTION microacq_commitment_made();
DROP FUNCTION microacq_lock_file_of_list(bigint);
DROP FUNCTION microacq_octo_41(text, text);
DROP FUNCTION microacq_sha256(text);
DROP FUNCTION microacq_refuse_draw(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0035_draws")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(KEEP, FORGET)]
