"""The rates of sales taxes are rows with their first days, and an invoice is held to them; languages of bought code.

The rates are those that a department of the Government of Canada pays. Looked up on 2026-11-21: Canada Revenue Agency,
“GST/HST provincial rates table”; Revenu Québec, “Basic Rules for Applying the GST/HST and QST”.
"""

from datetime import date
from decimal import Decimal

import django.core.validators
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

GST = "Excise Tax Act, s. 165(1) – Loi sur la taxe d’accise, par. 165(1)"
HST = (
    "Excise Tax Act, s. 165(2); Canada Revenue Agency, GST/HST rates – "
    "Loi sur la taxe d’accise, par. 165(2); Agence du revenu du Canada, taux de la TPS/TVH"
)
PRESCRIBED = "Excise Tax Act, s. 165(2); SOR/%(year)s-%(number)s – Loi sur la taxe d’accise, par. 165(2); DORS/%(year)s-%(number)s"
QST = "Act respecting the Québec sales tax, s. 16 – Loi sur la taxe de vente du Québec, art. 16"
#: Tax, provinces and territories, first day, percent, source.
RATES = [
    ("GST", ("AB", "BC", "MB", "NT", "NU", "QC", "SK", "YT"), "2008-01-01", "5", GST),
    ("HST", ("ON",), "2010-07-01", "13", HST),
    ("HST", ("NB", "NL"), "2016-07-01", "15", HST),
    ("HST", ("PE",), "2016-10-01", "15", PRESCRIBED % {"year": 2016, "number": 212}),
    ("HST", ("NS",), "2010-07-01", "15", HST),
    ("HST", ("NS",), "2025-04-01", "14", PRESCRIBED % {"year": 2025, "number": 77}),
    ("QST", ("QC",), "2013-01-01", "9.975", QST),
]


def fill_in(apps, schema_editor):
    """What was in force when this was written; finance adds what comes after."""
    rates = apps.get_model("submissions", "TaxRate")
    rates.objects.bulk_create(
        rates(
            tax=tax,
            province=province,
            since=date.fromisoformat(since),
            percent=Decimal(percent),
            source=source,
        )
        for tax, provinces, since, percent, source in RATES
        for province in provinces
    )


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0054_catalogue_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TaxRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tax",
                    models.CharField(
                        choices=[("GST", "GST"), ("HST", "HST"), ("QST", "QST")],
                        max_length=3,
                        verbose_name="tax",
                    ),
                ),
                (
                    "province",
                    models.CharField(
                        choices=[
                            ("AB", "Alberta"),
                            ("BC", "British Columbia"),
                            ("MB", "Manitoba"),
                            ("NB", "New Brunswick"),
                            ("NL", "Newfoundland and Labrador"),
                            ("NS", "Nova Scotia"),
                            ("NT", "Northwest Territories"),
                            ("NU", "Nunavut"),
                            ("ON", "Ontario"),
                            ("PE", "Prince Edward Island"),
                            ("QC", "Quebec"),
                            ("SK", "Saskatchewan"),
                            ("YT", "Yukon"),
                        ],
                        max_length=2,
                        verbose_name="province or territory",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="Of the price before tax. 0 where the tax is no longer charged from that day on.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="rate, in percent",
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        help_text="The first day on which invoices have this rate.",
                        verbose_name="counts from",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="The act or the notice that sets it, so that others can check it.",
                        max_length=200,
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "rate of a sales tax",
                "verbose_name_plural": "rates of sales taxes",
                "ordering": ("province", "tax", "-since"),
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.AddField(
            model_name="invoice",
            name="tax_province",
            field=models.CharField(
                choices=[
                    ("AB", "Alberta"),
                    ("BC", "British Columbia"),
                    ("MB", "Manitoba"),
                    ("NB", "New Brunswick"),
                    ("NL", "Newfoundland and Labrador"),
                    ("NS", "Nova Scotia"),
                    ("NT", "Northwest Territories"),
                    ("NU", "Nunavut"),
                    ("ON", "Ontario"),
                    ("PE", "Prince Edward Island"),
                    ("QC", "Quebec"),
                    ("SK", "Saskatchewan"),
                    ("YT", "Yukon"),
                    ("XX", "Outside Canada"),
                ],
                default="XX",
                max_length=2,
                verbose_name="place of the supply, which decides the taxes",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "tax_province__in",
                        ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "XX", "YT"],
                    )
                ),
                name="invoice_place_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.math.Abs(
                        django.db.models.expressions.CombinedExpression(
                            models.F("federal_tax"),
                            "-",
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("subtotal"), "*", models.F("federal_percent")
                                    ),
                                    "/",
                                    models.Value(100),
                                ),
                                2,
                            ),
                        )
                    ),
                    Decimal("0.01"),
                ),
                name="invoice_federal_tax_as_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.math.Abs(
                        django.db.models.expressions.CombinedExpression(
                            models.F("provincial_tax"),
                            "-",
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("subtotal"), "*", models.F("provincial_percent")
                                    ),
                                    "/",
                                    models.Value(100),
                                ),
                                2,
                            ),
                        )
                    ),
                    Decimal("0.01"),
                ),
                name="invoice_provincial_tax_as_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("federal_name__in", ["", "GST", "HST"]),
                    ("provincial_name__in", ["", "QST"]),
                    models.Q(
                        models.Q(("federal_name", ""), _negated=True), ("federal_percent", 0), _connector="OR"
                    ),
                    models.Q(
                        models.Q(("provincial_name", ""), _negated=True),
                        ("provincial_percent", 0),
                        _connector="OR",
                    ),
                ),
                name="invoice_charges_what_is_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.UniqueConstraint(
                fields=("tax", "province", "since"),
                name="one_rate_a_day",
                violation_error_message="There is a rate of this tax from that day on: change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 0), ("percent__lte", 20)), name="rate_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tax__in", ["GST", "HST", "QST"]),
                    (
                        "province__in",
                        ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"],
                    ),
                    models.Q(models.Q(("tax", "QST"), _negated=True), ("province", "QC"), _connector="OR"),
                ),
                name="rate_of_a_tax_that_is_paid",
            ),
        ),
        migrations.AddField(
            model_name="catalogueentry",
            name="languages",
            field=models.CharField(
                choices=[("en fr", "English and French"), ("en", "English"), ("fr", "French")],
                default="en fr",
                max_length=5,
                verbose_name="languages of its interface and documentation",
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.RunSQL(
            """
CREATE TRIGGER microacq_rate_kept BEFORE DELETE ON submissions_taxrate
    FOR EACH ROW EXECUTE FUNCTION microacq_refuse('rates of taxes are kept');
CREATE TRIGGER microacq_not_emptied BEFORE TRUNCATE ON submissions_taxrate
    FOR EACH STATEMENT EXECUTE FUNCTION microacq_refuse('rates of taxes are kept');
""",
            """
DROP TRIGGER microacq_not_emptied ON submissions_taxrate;
DROP TRIGGER microacq_rate_kept ON submissions_taxrate;
""",
        ),
    ]
