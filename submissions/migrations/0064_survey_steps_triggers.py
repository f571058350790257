"""What may be read of a sum of the survey only grows, by five people or more at once.

Everybody who was asked a question is counted under its answer without a name. What could be read so far may be read on,
and everybody was asked every question so far.
"""

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION microacq_survey_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
"""

FORWARD = (
    HEAD
    + """
    added bigint := NEW.count;
    opened bigint := NEW.shown;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        added := NEW.count - OLD.count;
        opened := NEW.shown - OLD.shown;
        IF to_jsonb(NEW) - 'count' - 'shown' <> to_jsonb(OLD) - 'count' - 'shown' OR added < 0 OR opened < 0 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'a sum of the survey only grows';
        END IF;
    END IF;
    IF NEW.question = 'people' AND added BETWEEN 1 AND 4 OR NEW.choice = '' AND opened BETWEEN 1 AND 4 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'survey_five_at_once',
            MESSAGE = 'answers are added to the sums, and may be read, five or more at once';
    END IF;
    RETURN NEW;
END $$;
"""
)

BACKWARD = (
    HEAD
    + """
    added bigint := NEW.count;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'count' <> to_jsonb(OLD) - 'count' OR NEW.count < OLD.count THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'a sum of the survey only grows';
        END IF;
        added := NEW.count - OLD.count;
    END IF;
    IF NEW.question = 'people' AND added < 5 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'survey_five_at_once',
            MESSAGE = 'answers are added to the sums five or more at once';
    END IF;
    RETURN NEW;
END $$;
"""
)

FILL = """
UPDATE submissions_surveysum SET shown = count;
INSERT INTO submissions_surveysum (year, cohort, question, choice, count, shown)
SELECT DISTINCT s.year, s.cohort, s.question, '', p.count, p.count
FROM submissions_surveysum s
JOIN submissions_surveysum p ON p.year = s.year AND p.cohort = s.cohort AND p.question = 'people'
WHERE s.question <> 'people'
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0063_survey_steps")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
