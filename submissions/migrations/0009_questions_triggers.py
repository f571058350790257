"""Nothing is asked too late; what was asked and published stays; public means public in both languages.

A question locks its file FOR SHARE, so that none slips in while the file is opened or cancelled. The floor of two days
before the deadline, in Eastern time, holds whatever computes the business days above it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_question_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file record;
BEGIN
    SELECT state, deadline INTO file FROM submissions_solicitation WHERE id = NEW.solicitation_id FOR SHARE;
    IF file.state IS DISTINCT FROM 'posted' OR
       now() AT TIME ZONE 'America/Toronto' >= file.deadline AT TIME ZONE 'America/Toronto' - interval '2 days' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'question_before_closing',
            MESSAGE = 'the file takes no questions: it is too near to its deadline, or no longer posted';
    END IF;
    IF NEW.state <> 'received' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a question arrives unsorted';
    END IF;
    NEW.asked_at := now();
    NEW.changed_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_question_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.solicitation_id, NEW.number, NEW.reference, NEW.language, NEW.asked_at, NEW.form_digest)
       IS DISTINCT FROM
       (OLD.solicitation_id, OLD.number, OLD.reference, OLD.language, OLD.asked_at, OLD.form_digest)
       OR NEW.original NOT IN (OLD.original, '')
       OR NEW.contact NOT IN (OLD.contact, '')
       OR NEW.network_digest NOT IN (OLD.network_digest, '') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'what was asked stays as it was sent; what could tell who asked can only be erased';
    END IF;
    IF NEW.merged_into_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM submissions_question kept
        WHERE kept.id = NEW.merged_into_id AND kept.solicitation_id = NEW.solicitation_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a question is merged into another about the same file';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_answer_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM submissions_question WHERE id = NEW.record_id FOR UPDATE) IS DISTINCT FROM 'translating' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'only an answer that was translated is published';
    END IF;
    NEW.published_at := now();
    NEW.version := 1 + coalesce(
        (SELECT max(version) FROM submissions_publishedanswer WHERE record_id = NEW.record_id), 0);
    RETURN NEW;
END $$;

CREATE FUNCTION microacq_question_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key bigint := CASE TG_TABLE_NAME WHEN 'submissions_question' THEN to_jsonb(NEW) ->> 'id'
                                     ELSE to_jsonb(NEW) ->> 'record_id' END;
    now_state text := (SELECT state FROM submissions_question WHERE id = key);
    is_public boolean := EXISTS (SELECT FROM submissions_publishedanswer WHERE record_id = key);
BEGIN
    IF now_state = 'published' AND NOT is_public
       OR is_public AND now_state NOT IN ('published', 'answered', 'translating') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a question is published exactly when its answer is public in both languages';
    END IF;
    IF now_state = 'merged' AND (
        SELECT kept.state FROM submissions_question q JOIN submissions_question kept ON kept.id = q.merged_into_id
        WHERE q.id = key
    ) = 'merged' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = 'a question is merged into one that is kept';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER microacq_question_arrives BEFORE INSERT ON submissions_question
    FOR EACH ROW EXECUTE FUNCTION microacq_question_arrives();
CREATE TRIGGER microacq_question_changes BEFORE UPDATE ON submissions_question
    FOR EACH ROW EXECUTE FUNCTION microacq_question_changes();
CREATE CONSTRAINT TRIGGER microacq_question_whole AFTER INSERT OR UPDATE ON submissions_question
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_question_whole();
CREATE TRIGGER microacq_question_kept BEFORE DELETE ON submissions_question
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was asked is kept');
CREATE TRIGGER microacq_question_not_emptied BEFORE TRUNCATE ON submissions_question
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was asked is kept');

CREATE TRIGGER microacq_answer_published BEFORE INSERT ON submissions_publishedanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_answer_published();
CREATE CONSTRAINT TRIGGER microacq_answer_whole AFTER INSERT ON submissions_publishedanswer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_question_whole();
CREATE TRIGGER microacq_answer_kept BEFORE UPDATE OR DELETE ON submissions_publishedanswer
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('what was published is kept as it was');
CREATE TRIGGER microacq_answer_not_emptied BEFORE TRUNCATE ON submissions_publishedanswer
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('what was published is kept as it was');

CREATE TRIGGER microacq_question_text_kept BEFORE DELETE ON submissions_questiontext
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('questions and answers are kept');
CREATE TRIGGER microacq_question_text_not_emptied BEFORE TRUNCATE ON submissions_questiontext
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('questions and answers are kept');
"""

BACKWARD = """
DROP TRIGGER microacq_question_text_not_emptied ON submissions_questiontext;
DROP TRIGGER microacq_question_text_kept ON submissions_questiontext;
DROP TRIGGER microacq_answer_not_emptied ON submissions_publishedanswer;
DROP TRIGGER microacq_answer_kept ON submissions_publishedanswer;
DROP TRIGGER microacq_answer_whole ON submissions_publishedanswer;
DROP TRIGGER microacq_answer_published ON submissions_publishedanswer;
DROP TRIGGER microacq_question_not_emptied ON submissions_question;
DROP TRIGGER microacq_question_kept ON submissions_question;
DROP TRIGGER microacq_question_whole ON submissions_question;
DROP TRIGGER microacq_question_changes ON submissions_question;
DROP TRIGGER microacq_question_arrives ON submissions_question;
DROP FUNCTION microacq_question_whole();
DROP FUNCTION microacq_answer_published();
DROP FUNCTION microacq_question_changes();
DROP FUNCTION microacq_question_arrives();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0008_questions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
