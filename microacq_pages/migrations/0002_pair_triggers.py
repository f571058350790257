"""Both languages of a page are live or neither, whatever statement tried otherwise (DESIGN rule 1).

Deferred to the commit, because two pages cannot change in one statement of Wagtail's. Also held:
the parents of a live pair correspond, and a posted opportunity stays live.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION microacq_check_pair(key uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    live_pages integer;
    live_languages integer;
    parents integer;
    posted boolean;
BEGIN
    SELECT count(*), count(DISTINCT locale_id) INTO live_pages, live_languages
      FROM wagtailcore_page
     WHERE translation_key = key AND live AND depth > 1;
    SELECT EXISTS (SELECT 1 FROM microacq_pages_publicstatus WHERE translation_key = key) INTO posted;
    IF live_pages NOT IN (0, 2) OR live_languages <> live_pages THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'microacq_pair',
            MESSAGE = format('microacq_pair: %s live page(s) with translation key %s; a page is live in both languages or in neither', live_pages, key);
    END IF;
    IF posted AND live_pages <> 2 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'microacq_pair',
            MESSAGE = format('microacq_pair: the opportunity with translation key %s is posted and must stay live in both languages', key);
    END IF;
    IF live_pages = 2 THEN
        SELECT count(DISTINCT CASE WHEN parent.depth = 1 THEN NULL ELSE parent.translation_key END)
             + count(DISTINCT parent.id) FILTER (WHERE parent.depth = 1)
          INTO parents
          FROM wagtailcore_page page
          JOIN wagtailcore_page parent
            ON parent.path = left(page.path, -4)
         WHERE page.translation_key = key AND page.live;
        IF parents <> 1 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'microacq_pair',
                MESSAGE = format('microacq_pair: the two languages of %s are under different pages', key);
        END IF;
    END IF;
END $$;

CREATE FUNCTION microacq_page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') AND OLD.depth > 1 THEN
        PERFORM microacq_check_pair(OLD.translation_key);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') AND NEW.depth > 1
       AND (TG_OP = 'INSERT' OR NEW.translation_key <> OLD.translation_key) THEN
        PERFORM microacq_check_pair(NEW.translation_key);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER microacq_pair_inserted AFTER INSERT ON wagtailcore_page
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_page_changed();
CREATE CONSTRAINT TRIGGER microacq_pair_updated
    AFTER UPDATE OF live, path, depth, translation_key, locale_id ON wagtailcore_page
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_page_changed();
CREATE CONSTRAINT TRIGGER microacq_pair_deleted AFTER DELETE ON wagtailcore_page
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION microacq_page_changed();
"""

BACKWARD = """
DROP TRIGGER microacq_pair_deleted ON wagtailcore_page;
DROP TRIGGER microacq_pair_updated ON wagtailcore_page;
DROP TRIGGER microacq_pair_inserted ON wagtailcore_page;
DROP FUNCTION microacq_page_changed();
DROP FUNCTION microacq_check_pair(uuid);
"""

REMOVE_WELCOME = """
DELETE FROM wagtailcore_site;
DELETE FROM wagtailcore_page WHERE depth = 2 AND path = '00010001' AND slug = 'home'
   AND content_type_id IN (SELECT id FROM django_content_type WHERE app_label = 'wagtailcore' AND model = 'page');
UPDATE wagtailcore_page SET numchild = (
    SELECT count(*) FROM wagtailcore_page child WHERE child.depth = 2
) WHERE depth = 1;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("microacq_pages", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        # Wagtail's own welcome page is live in one language.
        migrations.RunSQL(REMOVE_WELCOME, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
