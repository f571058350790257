"""What staff did on a supplier's word stays as it was made, and is about what staff entered.

- Told: of an amendment of the same file, of an application that a member of staff entered.
- Withdrawn: in the transaction in which the application was withdrawn, by the person who entered it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_told_of_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_proposal p JOIN submissions_posting o ON o.solicitation_id = p.solicitation_id
        WHERE p.id = NEW.proposal_id AND o.id = NEW.posting_id AND p.entered_by_id IS NOT NULL AND o.amendment > 0
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'told_of_an_amendment_of_the_file',
            MESSAGE = 'a supplier is told of an amendment of the file that they applied to';
    END IF;
    NEW.told_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_told_of_amendment BEFORE INSERT ON submissions_toldofamendment
    FOR EACH ROW EXECUTE FUNCTION microacq_told_of_amendment();
CREATE TRIGGER microacq_told_kept BEFORE UPDATE OR DELETE ON submissions_toldofamendment
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('that a supplier was told is kept');
CREATE TRIGGER microacq_told_not_emptied BEFORE TRUNCATE ON submissions_toldofamendment
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('that a supplier was told is kept');

CREATE FUNCTION microacq_withdrawn_for_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM submissions_proposal
        WHERE id = NEW.proposal_id AND state = 'withdrawn' AND state_changed_at = now() AND entered_by_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_by_who_entered',
            MESSAGE = 'an application is withdrawn on its supplier''s word by who entered it, when the reason is kept';
    END IF;
    NEW.withdrawn_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER microacq_withdrawn_for_supplier BEFORE INSERT ON submissions_withdrawnforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_withdrawn_for_supplier();
CREATE TRIGGER microacq_withdrawn_for_kept BEFORE UPDATE OR DELETE ON submissions_withdrawnforsupplier
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('why an application was withdrawn is kept');
CREATE TRIGGER microacq_withdrawn_for_not_emptied BEFORE TRUNCATE ON submissions_withdrawnforsupplier
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('why an application was withdrawn is kept');
"""
REVERSE = """
DROP TRIGGER microacq_withdrawn_for_not_emptied ON submissions_withdrawnforsupplier;
DROP TRIGGER microacq_withdrawn_for_kept ON submissions_withdrawnforsupplier;
DROP TRIGGER microacq_withdrawn_for_supplier ON submissions_withdrawnforsupplier;
DROP FUNCTION microacq_withdrawn_for_supplier();
DROP TRIGGER microacq_told_not_emptied ON submissions_toldofamendment;
DROP TRIGGER microacq_told_kept ON submissions_toldofamendment;
DROP TRIGGER microacq_told_of_amendment ON submissions_toldofamendment;
DROP FUNCTION microacq_told_of_amendment();
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0028_desk")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
