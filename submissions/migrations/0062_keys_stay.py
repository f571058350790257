"""The key of a row that is kept stays too, where the guard of the table names what may not change, and not all of it.

Acts, certificates and fingerprints of the audit name rows by their keys. The trigger is not even asked unless a
statement names the key, as Django’s own never do.
"""

from django.db import migrations

TABLES = (
    "assignment",
    "catalogueentry",
    "consensus",
    "question",
    "questiontext",
    "round",
    "solicitation",
    "taxrate",
    "verdict",
)

FORWARD = """
CREATE FUNCTION microacq_key_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'integrity_constraint_violation',
        MESSAGE = format('the key of a row of %s stays', TG_TABLE_NAME);
END $$;
""" + "".join(
    f"CREATE TRIGGER microacq_key_stays BEFORE UPDATE OF id ON submissions_{table} FOR EACH ROW\n"
    "    WHEN (NEW.id IS DISTINCT FROM OLD.id) EXECUTE FUNCTION microacq_key_stays();\n"
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER microacq_key_stays ON submissions_{table};\n" for table in TABLES)
    + "DROP FUNCTION microacq_key_stays();\n"
)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0061_archive_reach")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
