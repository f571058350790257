"""Chains every row of Wagtail's two logs at commit, and refuses any change to logs and chain.

The way of an act into the chain:

1. A row is inserted into a log. At commit (deferred) its copy goes into ``submissions_auditqueue``.
2. The queue's own trigger, deferred too, takes the lock of the chain, writes the entry and empties the queue.

Chaining at commit keeps the lock of the chain from being held while a transaction still waits for rows. The second step
is there because foreign keys are checked at commit as well, and lock rows: PostgreSQL runs triggers that were queued by
deferred triggers after all others, so the lock of the chain is the last one that a transaction takes.

Wagtail's logs keep their rows when users, revisions and pages go (no constraint, nothing done). Content types are the
exception: Django sets the log's reference to NULL when one is deleted. That update is skipped, and a content type that
a log names is kept.
"""

from __future__ import annotations

from django.db import migrations

LOG_TABLES = ("wagtailcore_pagelogentry", "wagtailcore_modellogentry")

CHAIN = """
CREATE UNLOGGED TABLE submissions_auditqueue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    source_id bigint NOT NULL,
    payload jsonb NOT NULL
);

CREATE FUNCTION submissions_audit_append(log_table text, log_id bigint, log_row jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET timezone = 'UTC' SET search_path FROM CURRENT AS $$
DECLARE
    head record;
    number bigint;
    chained timestamptz;
    row_text text := log_row::text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('submissions_auditentry'));
    SELECT sequence, hash INTO head FROM submissions_auditentry ORDER BY sequence DESC LIMIT 1;
    head.hash := coalesce(head.hash, repeat('0', 64));
    number := coalesce(head.sequence, 0) + 1;
    chained := clock_timestamp();
    INSERT INTO submissions_auditentry
        (sequence, source, source_id, payload, previous_hash, hash, happened_at, chained_at)
    VALUES (
        number, log_table, log_id, row_text, head.hash,
        encode(sha256(convert_to(concat_ws(
            E'\\n', head.hash, number, to_char(chained, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), log_table, log_id, row_text
        ), 'UTF8')), 'hex'),
        (log_row ->> 'timestamp')::timestamptz, chained
    );
END $$;

CREATE FUNCTION submissions_audit_enqueue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET timezone = 'UTC' SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO submissions_auditqueue (source, source_id, payload)
    VALUES (TG_TABLE_NAME, NEW.id, to_jsonb(NEW));
    RETURN NULL;
END $$;

CREATE FUNCTION submissions_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM submissions_audit_append(NEW.source, NEW.source_id, NEW.payload);
    DELETE FROM submissions_auditqueue WHERE id = NEW.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER submissions_audit_chain AFTER INSERT ON submissions_auditqueue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_audit_chain();
"""

UNCHAIN = """
DROP TABLE submissions_auditqueue;
DROP FUNCTION submissions_audit_chain();
DROP FUNCTION submissions_audit_enqueue();
DROP FUNCTION submissions_audit_append(text, bigint, jsonb);
"""

# Acts that were logged before the chain existed, or while it was taken away, enter it in the order of their time.
BACKFILL = """
DO $$
DECLARE
    log record;
BEGIN
    FOR log IN
        SELECT source, id, payload
        FROM (
            SELECT 'wagtailcore_pagelogentry' AS source, id, "timestamp" AS at, to_jsonb(l) AS payload
            FROM wagtailcore_pagelogentry l
            UNION ALL
            SELECT 'wagtailcore_modellogentry', id, "timestamp", to_jsonb(l)
            FROM wagtailcore_modellogentry l
        ) logs
        WHERE NOT EXISTS (
            SELECT FROM submissions_auditentry e WHERE e.source = logs.source AND e.source_id = logs.id
        )
        ORDER BY at, source, id
    LOOP
        PERFORM submissions_audit_append(log.source, log.id, log.payload);
    END LOOP;
END $$;
"""

REFUSE = """
CREATE FUNCTION submissions_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit record is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION submissions_audit_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'Entries of the audit are written by the chain alone: INSERT into % is refused', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION submissions_audit_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.content_type_id IS NULL
        AND to_jsonb(NEW) - 'content_type_id' = to_jsonb(OLD) - 'content_type_id' THEN
        RETURN NULL;  -- the row stays as it was
    END IF;
    RAISE EXCEPTION 'The audit record is append-only: UPDATE of % is refused', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION submissions_audit_keep_content_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM wagtailcore_pagelogentry WHERE content_type_id = OLD.id)
        OR EXISTS (SELECT FROM wagtailcore_modellogentry WHERE content_type_id = OLD.id) THEN
        RETURN NULL;  -- the content type stays
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER submissions_audit_refuse_insert BEFORE INSERT ON submissions_auditentry
    FOR EACH ROW EXECUTE FUNCTION submissions_audit_refuse_insert();
CREATE TRIGGER submissions_audit_refuse_change BEFORE UPDATE OR DELETE ON submissions_auditentry
    FOR EACH ROW EXECUTE FUNCTION submissions_audit_refuse();
CREATE TRIGGER submissions_audit_refuse_truncate BEFORE TRUNCATE ON submissions_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION submissions_audit_refuse();
CREATE TRIGGER submissions_audit_keep_content_type BEFORE DELETE ON django_content_type
    FOR EACH ROW EXECUTE FUNCTION submissions_audit_keep_content_type();
"""

ALLOW = """
DROP TRIGGER submissions_audit_keep_content_type ON django_content_type;
DROP TRIGGER submissions_audit_refuse_truncate ON submissions_auditentry;
DROP TRIGGER submissions_audit_refuse_change ON submissions_auditentry;
DROP TRIGGER submissions_audit_refuse_insert ON submissions_auditentry;
DROP FUNCTION submissions_audit_keep_content_type();
DROP FUNCTION submissions_audit_refuse_update();
DROP FUNCTION submissions_audit_refuse_insert();
DROP FUNCTION submissions_audit_refuse();
"""

GUARD_LOG = """
CREATE CONSTRAINT TRIGGER submissions_audit_enqueue AFTER INSERT ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION submissions_audit_enqueue();
CREATE TRIGGER submissions_audit_refuse_update BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION submissions_audit_refuse_update();
CREATE TRIGGER submissions_audit_refuse_delete BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION submissions_audit_refuse();
CREATE TRIGGER submissions_audit_refuse_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION submissions_audit_refuse();
"""

UNGUARD_LOG = """
DROP TRIGGER submissions_audit_refuse_truncate ON {table};
DROP TRIGGER submissions_audit_refuse_delete ON {table};
DROP TRIGGER submissions_audit_refuse_update ON {table};
DROP TRIGGER submissions_audit_enqueue ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0003_audit_notices"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, ALLOW),
        *(
            migrations.RunSQL(GUARD_LOG.format(table=table), UNGUARD_LOG.format(table=table))
            for table in LOG_TABLES
        ),
    ]
