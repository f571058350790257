"""How words are compared: the configurations of PostgreSQL's text search, without accents, and what is made of them.

``microacq_en`` and ``microacq_fr`` drop accents and then endings, ``microacq_plain`` drops accents alone, so that a
word that is not finished matches as well. The extension is trusted: the owner of the database can add it.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION microacq_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION microacq_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION microacq_fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION microacq_fr
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION microacq_plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION microacq_plain
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""
DROP_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION microacq_plain;
DROP TEXT SEARCH CONFIGURATION microacq_fr;
DROP TEXT SEARCH CONFIGURATION microacq_en;
"""

#: Signs beyond ASCII that stand between words: dash, ellipsis, quotation marks, apostrophe, spaces that do not break.
SIGNS = "’‘«»“”–—…·\u00a0\u202f"
MARKS = r"\x04\x05\x06\x07\x08\x0E\x0F\x10\x11\x12\x13\x14"

# A database of the locale C takes every sign beyond ASCII for a letter: these become control characters of ASCII, one
# each, which no page holds, so that a marked text can be given its own signs back.
FUNCTIONS = r"""
CREATE FUNCTION microacq_search_configuration(language text) RETURNS regconfig
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT CASE language WHEN 'fr' THEN 'microacq_fr'::regconfig ELSE 'microacq_en'::regconfig END
$$;

CREATE FUNCTION microacq_search_signs(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(words, '{signs}', E'{marks}')
$$;

CREATE FUNCTION microacq_search_forms(language text, words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT to_tsvector(microacq_search_configuration(language), microacq_search_signs(words))
        || to_tsvector('microacq_plain'::regconfig, microacq_search_signs(words))
$$;

CREATE FUNCTION microacq_search_vector(language text, title text, skills text, teaser text, body text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT setweight(microacq_search_forms(language, title), 'A')
        || setweight(microacq_search_forms(language, skills), 'B')
        || setweight(microacq_search_forms(language, teaser), 'C')
        || setweight(microacq_search_forms(language, left(body, 50000)), 'D')
$$;

CREATE FUNCTION microacq_search_plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT lower(unaccent('unaccent'::regdictionary, microacq_search_signs(words)))
$$;

-- What a reader types: every word must be there in one of its forms or as the beginning of a word; several words
-- between quotation marks are one element and stand together. NULL when only words are left that say nothing.
CREATE FUNCTION microacq_search_query(language text, words text[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    configuration regconfig := microacq_search_configuration(language);
    word text;
    form tsquery;
    wanted tsquery;
BEGIN
    FOREACH word IN ARRAY words LOOP
        form := phraseto_tsquery(configuration, word);
        CONTINUE WHEN numnode(form) = 0;
        IF word !~ '\s' THEN
            -- A stem of six letters or more is the beginning of its other forms; a French one without its last e's.
            form := form
                || regexp_replace(
                       plainto_tsquery(configuration, word)::text,
                       CASE language WHEN 'fr' THEN '''([^'']{6,}?)e*''' ELSE '''([^'']{6,})''' END, '''\1'':*', 'g'
                   )::tsquery
                || to_tsquery('microacq_plain'::regconfig, '''' || replace(replace(word, '\', ''), '''', '') || ''''
                       || CASE WHEN length(word) > 2 THEN ':*' ELSE '' END);
            IF language = 'fr' AND word ~* 'aux$' THEN  -- travaux, travail
                form := form || plainto_tsquery(configuration, regexp_replace(word, 'aux$', 'ail', 'i'));
            ELSIF language = 'fr' AND word ~* 'ail$' THEN
                form := form || plainto_tsquery(configuration, regexp_replace(word, 'ail$', 'aux', 'i'));
            END IF;
        END IF;
        wanted := coalesce(wanted && form, form);
    END LOOP;
    RETURN wanted;
END
$$;

-- A text with \x02 and \x03 around each word that was found; options as those of ts_headline.
CREATE FUNCTION microacq_search_marked(language text, words text, wanted tsquery, options text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT translate(
        ts_headline(
            'microacq_plain'::regconfig,
            ts_headline(
                microacq_search_configuration(language), microacq_search_signs(words), wanted,
                E'StartSel=\x02, StopSel=\x03, ' || options
            ),
            wanted,
            E'StartSel=\x02, StopSel=\x03, HighlightAll=true'
        ),
        E'{marks}', '{signs}'
    )
$$;
""".replace("{signs}", SIGNS).replace("{marks}", MARKS)
DROP_FUNCTIONS = """
DROP FUNCTION microacq_search_marked(text, text, tsquery, text);
DROP FUNCTION microacq_search_query(text, text[]);
DROP FUNCTION microacq_search_plain(text);
DROP FUNCTION microacq_search_vector(text, text, text, text, text);
DROP FUNCTION microacq_search_forms(text, text);
DROP FUNCTION microacq_search_signs(text);
DROP FUNCTION microacq_search_configuration(text);
"""


class Migration(migrations.Migration):
    dependencies = [("microacq_pages", "0019_amendments")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CONFIGURATIONS, DROP_CONFIGURATIONS),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
    ]
