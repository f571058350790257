"""What is asked of the database for each application, as functions: a session plans their statements once, not each time.

``microacq_proposal_standing`` locks the supplier’s link, looks, locks the address and looks again. Each of its statements
sees what was committed while the one before waited, because the function is volatile; so the order stands here, and not
in one query. A link that was used before may have the application of another address, whose lock must be taken in one
order with this one: there the function stops after the first look, and Python goes on (``services.locked``).

``submissions_passages_take`` looks and counts at once (``submissions.gate.counting``).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_proposal_standing(
    link text, file_id bigint, address text, number text,
    OUT is_unused boolean, OUT has_draft boolean, OUT has_other boolean, OUT is_taken boolean
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('proposal/' || link, 0));
    SELECT NOT EXISTS (SELECT FROM submissions_proposal p WHERE p.link_digest = link)
               AND NOT EXISTS (SELECT FROM submissions_mailedlink m WHERE m.digest = link),
           EXISTS (SELECT FROM submissions_draft d WHERE d.link_digest = link)
    INTO is_unused, has_draft;
    IF NOT is_unused THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('proposal/address/' || address, 0));
    SELECT EXISTS (
               SELECT FROM submissions_proposal p
               WHERE p.solicitation_id = file_id AND p.address_digest = address AND p.state = 'sent'
           ),
           EXISTS (SELECT FROM submissions_proposal p WHERE p.receipt_number = number)
    INTO has_other, is_taken;
END $$;

CREATE FUNCTION submissions_passages_take(locks bigint[], digests bytea[], mosts integer[], withins interval[])
RETURNS TABLE (reached bytea, seconds numeric) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    may_pass boolean := true;
    key bigint;
BEGIN
    -- Each statement after these sees what was committed while they waited.
    FOREACH key IN ARRAY locks LOOP
        PERFORM pg_advisory_xact_lock(key);
    END LOOP;
    FOR i IN 1 .. cardinality(digests) LOOP
        -- The most-th newest passage within the time of a limit stands in the way until it is old enough.
        SELECT p.digest, extract(epoch FROM p.passed_at + withins[i] - now()) INTO reached, seconds
        FROM submissions_passage p
        WHERE p.digest = digests[i] AND p.passed_at > now() - withins[i]
        ORDER BY p.passed_at DESC OFFSET mosts[i] - 1 LIMIT 1;
        IF FOUND THEN
            may_pass := false;
            RETURN NEXT;
        END IF;
    END LOOP;
    IF may_pass THEN
        INSERT INTO submissions_passage (digest) SELECT unnest(digests);
    END IF;
END $$;
"""

BACKWARD = """
DROP FUNCTION submissions_passages_take(bigint[], bytea[], integer[], interval[]);
DROP FUNCTION microacq_proposal_standing(text, bigint, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0026_mailing_list")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
