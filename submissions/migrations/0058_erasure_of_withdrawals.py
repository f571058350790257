"""Why a supplier withdrew is personal, and goes with the rest; where it was announced is not emptied (DESIGN rule 5)."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION microacq_personal_columns(of_table text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
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
        WHEN 'submissions_contractend' THEN ARRAY['locked_reason']
        WHEN 'submissions_delivery' THEN ARRAY['locked_words']
        WHEN 'submissions_evidence' THEN ARRAY['locked_content', 'name']
        WHEN 'submissions_invoice' THEN ARRAY['locked_words', 'locked_content', 'name']
        WHEN 'submissions_invoicereturn' THEN ARRAY['locked_reason']
        WHEN 'submissions_accesspackage' THEN ARRAY['choices']
    END
$$;

CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON submissions_mention
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('where an opportunity was announced stays on record');
"""

BACKWARD = """
DROP TRIGGER microacq_not_emptied ON submissions_mention;
CREATE OR REPLACE FUNCTION microacq_personal_columns(of_table text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0057_tracker_rows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
