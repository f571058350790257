"""Words are looked up once a search, by the index; and what every public page asks does not read all pages.

The planner takes a text index for dearer than reading the table, because it does not count what unpacking a vector
costs: the function alone does without reading the table.
"""

from django.db import migrations

FIND = """
CREATE FUNCTION microacq_search_listed(asked text, words text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT SET enable_seqscan = off AS $$
DECLARE
    wanted tsquery := microacq_search_query(asked, words);
BEGIN
    IF wanted IS NULL THEN  -- only words that say nothing
        RETURN NULL;
    END IF;
    RETURN coalesce(
        (SELECT array_agg(listed_id) FROM microacq_pages_listedtext WHERE language = asked AND vector @@ wanted), '{}'
    );
END
$$;
"""
FORGET = "DROP FUNCTION microacq_search_listed(text, text[]);"

INDEX = """
CREATE INDEX microacq_page_goes_live ON wagtailcore_page (go_live_at) WHERE go_live_at IS NOT NULL;
CREATE INDEX microacq_page_comes_down ON wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL;
CREATE INDEX microacq_page_in_menu ON wagtailcore_page (depth) WHERE show_in_menus;
CREATE INDEX microacq_status_deadline ON microacq_pages_publicstatus (deadline);
"""
DROP = """
DROP INDEX microacq_status_deadline;
DROP INDEX microacq_page_in_menu;
DROP INDEX microacq_page_comes_down;
DROP INDEX microacq_page_goes_live;
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0022_search_triggers"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunSQL(FIND, FORGET), migrations.RunSQL(INDEX, DROP)]
