"""The rows of the tracker, put together by the database; numbers read elsewhere and mailings stay as they were written.

A row is a need: an opportunity, with its file and its request where there are any, or a request of which no opportunity was
made. An opportunity that nobody requested and that was not posted begins when it was last saved.
"""

from django.db import migrations

FORWARD = """
CREATE VIEW submissions_trackerrow AS
SELECT k.translation_key::text AS key,
       k.translation_key,
       s.id AS solicitation_id,
       r.id AS request_id,
       p.translation_key AS profile_id,
       least(r.received_at, s.posted_at, CASE WHEN r.id IS NULL AND s.id IS NULL THEN p.saved_at END) AS begun_at
FROM (
    SELECT translation_key FROM submissions_solicitation
    UNION
    SELECT translation_key FROM microacq_pages_opportunityprofile
    UNION
    SELECT opportunity_key FROM microacq_pages_clientrequest WHERE opportunity_key IS NOT NULL
) k
LEFT JOIN submissions_solicitation s ON s.translation_key = k.translation_key
LEFT JOIN microacq_pages_opportunityprofile p ON p.translation_key = k.translation_key
LEFT JOIN microacq_pages_clientrequest r ON r.opportunity_key = k.translation_key
UNION ALL
SELECT 'request-' || r.id, NULL, NULL, r.id, NULL, r.received_at
FROM microacq_pages_clientrequest r WHERE r.opportunity_key IS NULL;

CREATE TRIGGER microacq_observation_kept BEFORE UPDATE OR DELETE ON submissions_observation
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('a number that was entered is kept; another corrects it');
CREATE TRIGGER microacq_observation_not_emptied BEFORE TRUNCATE ON submissions_observation
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('a number that was entered is kept; another corrects it');
CREATE TRIGGER microacq_closing_mailing_kept BEFORE UPDATE OR DELETE ON submissions_closingmailing
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('client and supplier of a contract are asked once');
"""

BACKWARD = """
DROP TRIGGER microacq_closing_mailing_kept ON submissions_closingmailing;
DROP TRIGGER microacq_observation_not_emptied ON submissions_observation;
DROP TRIGGER microacq_observation_kept ON submissions_observation;
DROP VIEW submissions_trackerrow;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0056_reporting")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
