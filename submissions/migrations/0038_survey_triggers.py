"""The sums of the survey only grow, by five people or more at once; a right that was spent stays as it is."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_survey_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
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

CREATE TRIGGER microacq_survey_grows BEFORE INSERT OR UPDATE ON submissions_surveysum
    FOR EACH ROW EXECUTE FUNCTION microacq_survey_grows();
CREATE TRIGGER microacq_survey_sum_kept BEFORE DELETE ON submissions_surveysum
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('the sums of the survey are kept');
CREATE TRIGGER microacq_survey_sum_not_emptied BEFORE TRUNCATE ON submissions_surveysum
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('the sums of the survey are kept');
CREATE TRIGGER microacq_survey_right_kept BEFORE UPDATE ON submissions_spentright
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('a right that was spent stays as it is');
CREATE TRIGGER microacq_survey_mailing_kept BEFORE UPDATE OR DELETE ON submissions_surveymailing
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('suppliers are asked once');
"""

BACKWARD = """
DROP TRIGGER microacq_survey_mailing_kept ON submissions_surveymailing;
DROP TRIGGER microacq_survey_right_kept ON submissions_spentright;
DROP TRIGGER microacq_survey_sum_not_emptied ON submissions_surveysum;
DROP TRIGGER microacq_survey_sum_kept ON submissions_surveysum;
DROP TRIGGER microacq_survey_grows ON submissions_surveysum;
DROP FUNCTION microacq_survey_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0037_survey")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
