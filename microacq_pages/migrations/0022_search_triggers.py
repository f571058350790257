"""The list of opportunities says of a file what ``PublicStatus`` says, whichever of the two rows is written first."""

from django.db import migrations

COPY = """
CREATE FUNCTION microacq_listing_of_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE microacq_pages_listedopportunity
    SET number = NEW.number, state = NEW.state, posted_at = NEW.posted_at, amended_at = NEW.amended_at,
        deadline = NEW.deadline
    WHERE translation_key = NEW.translation_key;
    RETURN NULL;
END
$$;

CREATE TRIGGER listing_of_status
AFTER INSERT OR UPDATE ON microacq_pages_publicstatus
FOR EACH ROW EXECUTE FUNCTION microacq_listing_of_status();
-- Also where rows are replicated or repaired with triggers off: a copy is never older than its original.
ALTER TABLE microacq_pages_publicstatus ENABLE ALWAYS TRIGGER listing_of_status;

CREATE FUNCTION microacq_status_of_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT number, state, posted_at, amended_at, deadline
    INTO NEW.number, NEW.state, NEW.posted_at, NEW.amended_at, NEW.deadline
    FROM microacq_pages_publicstatus WHERE translation_key = NEW.translation_key;
    IF NOT FOUND THEN  -- public, and not posted yet
        NEW.number := NULL;
        NEW.state := NULL;
        NEW.posted_at := NULL;
        NEW.amended_at := NULL;
        NEW.deadline := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER status_of_listing
BEFORE INSERT OR UPDATE ON microacq_pages_listedopportunity
FOR EACH ROW EXECUTE FUNCTION microacq_status_of_listing();
"""
FORGET = """
DROP TRIGGER status_of_listing ON microacq_pages_listedopportunity;
DROP FUNCTION microacq_status_of_listing();
DROP TRIGGER listing_of_status ON microacq_pages_publicstatus;
DROP FUNCTION microacq_listing_of_status();
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0021_search_tables")]

    operations = [migrations.RunSQL(COPY, FORGET)]
