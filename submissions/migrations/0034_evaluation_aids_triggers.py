"""What was hidden, asked and translated for an evaluation is kept, and nothing is added once it was signed off.

- A supplier is asked by an evaluator who attested and before the round is submitted, and answers once, in time by the
  database's clock.
- A working translation is written once.
- Passages are hidden while the file is being evaluated; each hiding is a new row.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_clarification_asked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    PERFORM microacq_evaluation_stands_still(NEW.asked_by_id);
    SELECT a.round_id, a.attested_at, a.ended, r.state INTO asked
    FROM submissions_assignment a JOIN submissions_round r ON r.id = a.round_id WHERE a.id = NEW.asked_by_id;
    IF asked.attested_at IS NULL OR asked.ended <> '' OR asked.state NOT IN ('working', 'agreeing')
       OR NEW.answered_at IS NOT NULL OR NEW.due_at <= now()
       OR NOT microacq_judged_of_round(asked.round_id, NEW.candidate_id, NEW.item_id) THEN
        PERFORM microacq_evaluation_refuses(
            'clarification_asked_while_judging', 'an evaluator of the round asks, before it is submitted');
    END IF;
    NEW.asked_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_clarification_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'locked_answer' - 'answered_at' <> to_jsonb(OLD) - 'locked_answer' - 'answered_at'
       OR OLD.answered_at IS NOT NULL OR NEW.answered_at IS NULL THEN
        PERFORM microacq_evaluation_refuses('clarification_answered_once', 'what was asked stays, and is answered once');
    END IF;
    PERFORM microacq_evaluation_stands_still(OLD.asked_by_id);
    IF now() >= OLD.due_at OR NOT EXISTS (
        SELECT FROM submissions_candidate c JOIN submissions_round r ON r.id = c.round_id
        JOIN submissions_solicitation f ON f.id = r.solicitation_id
        WHERE c.id = OLD.candidate_id AND r.state IN ('working', 'agreeing') AND f.state = 'opened'
    ) THEN
        PERFORM microacq_evaluation_refuses('clarification_answered_in_time', 'the time to answer has passed');
    END IF;
    NEW.answered_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_clarification_asked BEFORE INSERT ON submissions_clarification
    FOR EACH ROW EXECUTE FUNCTION microacq_clarification_asked();
CREATE TRIGGER microacq_clarification_answered BEFORE UPDATE ON submissions_clarification
    FOR EACH ROW EXECUTE FUNCTION microacq_clarification_answered();
CREATE TRIGGER microacq_clarification_kept BEFORE DELETE ON submissions_clarification
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what a supplier was asked is kept');
CREATE TRIGGER microacq_clarification_not_emptied BEFORE TRUNCATE ON submissions_clarification
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what a supplier was asked is kept');

CREATE FUNCTION microacq_translation_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.translated_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM submissions_assignment a JOIN submissions_round r ON r.id = a.round_id
        JOIN submissions_candidate c ON c.round_id = r.id
        WHERE a.id = NEW.requested_by_id AND c.id = NEW.candidate_id AND a.attested_at IS NOT NULL AND a.ended = ''
          AND r.state IN ('working', 'agreeing')
    ) THEN
        PERFORM microacq_evaluation_refuses(
            'translation_requested_while_judging', 'an evaluator of the round asks, before it is submitted');
    END IF;
    NEW.requested_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_translation_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'locked_texts' - 'translated_at' - 'translated_by_id'
       <> to_jsonb(OLD) - 'locked_texts' - 'translated_at' - 'translated_by_id'
       OR OLD.translated_at IS NOT NULL OR NEW.translated_at IS NULL THEN
        PERFORM microacq_evaluation_refuses('translation_written_once', 'a working translation is written once');
    END IF;
    NEW.translated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_translation_requested BEFORE INSERT ON submissions_workingtranslation
    FOR EACH ROW EXECUTE FUNCTION microacq_translation_requested();
CREATE TRIGGER microacq_translation_written BEFORE UPDATE ON submissions_workingtranslation
    FOR EACH ROW EXECUTE FUNCTION microacq_translation_written();
CREATE TRIGGER microacq_translation_kept BEFORE DELETE ON submissions_workingtranslation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what evaluators read is kept');
CREATE TRIGGER microacq_translation_not_emptied BEFORE TRUNCATE ON submissions_workingtranslation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what evaluators read is kept');

CREATE FUNCTION microacq_passages_hidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM submissions_proposal p JOIN submissions_solicitation f ON f.id = p.solicitation_id
        JOIN submissions_posteditem i ON i.id = NEW.item_id
        JOIN submissions_posting posted ON posted.id = i.posting_id AND posted.solicitation_id = f.id
        WHERE p.id = NEW.proposal_id AND f.state = 'opened' AND i.kind = 'evaluation'
    ) THEN
        PERFORM microacq_evaluation_refuses(
            'passages_hidden_while_evaluating', 'passages of an application are hidden while it is evaluated');
    END IF;
    NEW.made_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_passages_hidden BEFORE INSERT ON submissions_redaction
    FOR EACH ROW EXECUTE FUNCTION microacq_passages_hidden();
CREATE TRIGGER microacq_redaction_kept BEFORE UPDATE OR DELETE ON submissions_redaction
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was hidden stays on record');
CREATE TRIGGER microacq_redaction_not_emptied BEFORE TRUNCATE ON submissions_redaction
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was hidden stays on record');

CREATE TRIGGER microacq_recognition_kept BEFORE UPDATE OR DELETE ON submissions_recognition
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what an evaluator said stays on record');
CREATE TRIGGER microacq_recognition_not_emptied BEFORE TRUNCATE ON submissions_recognition
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what an evaluator said stays on record');
"""

BACKWARD = """
DROP TRIGGER microacq_recognition_not_emptied ON submissions_recognition;
DROP TRIGGER microacq_recognition_kept ON submissions_recognition;
DROP TRIGGER microacq_redaction_not_emptied ON submissions_redaction;
DROP TRIGGER microacq_redaction_kept ON submissions_redaction;
DROP TRIGGER microacq_passages_hidden ON submissions_redaction;
DROP FUNCTION microacq_passages_hidden();
DROP TRIGGER microacq_translation_not_emptied ON submissions_workingtranslation;
DROP TRIGGER microacq_translation_kept ON submissions_workingtranslation;
DROP TRIGGER microacq_translation_written ON submissions_workingtranslation;
DROP TRIGGER microacq_translation_requested ON submissions_workingtranslation;
DROP FUNCTION microacq_translation_written();
DROP FUNCTION microacq_translation_requested();
DROP TRIGGER microacq_clarification_not_emptied ON submissions_clarification;
DROP TRIGGER microacq_clarification_kept ON submissions_clarification;
DROP TRIGGER microacq_clarification_answered ON submissions_clarification;
DROP TRIGGER microacq_clarification_asked ON submissions_clarification;
DROP FUNCTION microacq_clarification_answered();
DROP FUNCTION microacq_clarification_asked();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0033_evaluation_aids")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
