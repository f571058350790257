"""The words that the catalogue stores, as the standards name them. Imports nothing of the project."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.TextChoices):
    """Categories of the Open Resource Exchange (``_data/i18n/categories.yml`` of canada-ca/ore-ero, UNSPSC codes)."""

    BUSINESS = "43231500", _("Business function specific software")
    FINANCE = "43231600", _("Finance accounting and enterprise resource planning software")
    GAMES = "43232000", _("Computer game or entertainment software")
    AUTHORING = "43232100", _("Content authoring and editing software")
    CONTENT = "43232200", _("Content management software")
    DATA = "43232300", _("Data management and query software")
    DEVELOPMENT = "43232400", _("Development software")
    EDUCATION = "43232500", _("Educational or reference software")
    INDUSTRY = "43232600", _("Industry specific software")
    NETWORK_APPLICATIONS = "43232700", _("Network applications software")
    NETWORK_MANAGEMENT = "43232800", _("Network management software")
    NETWORKING = "43232900", _("Networking software")
    OPERATING = "43233000", _("Operating environment software")
    SECURITY = "43233200", _("Security and protection software")
    UTILITY = "43233400", _("Utility and device driver software")
    EXCHANGE = "43233500", _("Information exchange software")
    ELECTRICAL = "43233600", _("Electrical equipment software")
    SYSTEM = "43233700", _("System management software")


class Status(models.TextChoices):
    """Status of the Open Resource Exchange."""

    ALPHA = "Alpha", pgettext_lazy("status of software", "Alpha")
    BETA = "Beta", pgettext_lazy("status of software", "Beta")
    MAINTAINED = "Maintained", pgettext_lazy("status of software", "Maintained")
    DEPRECATED = "Deprecated", pgettext_lazy("status of software", "Deprecated")
    RETIRED = "Retired", pgettext_lazy("status of software", "Retired")


#: What ``developmentStatus`` of publiccode.yml says of the same.
DEVELOPMENT = {
    Status.ALPHA: "development",
    Status.BETA: "beta",
    Status.MAINTAINED: "stable",
    Status.DEPRECATED: "obsolete",
    Status.RETIRED: "obsolete",
}


class SoftwareType(models.TextChoices):
    """``softwareType`` of publiccode.yml."""

    WEB = "standalone/web", _("Web application")
    BACKEND = "standalone/backend", _("Application on a server")
    DESKTOP = "standalone/desktop", _("Desktop application")
    MOBILE = "standalone/mobile", _("Mobile application")
    OTHER = "standalone/other", _("Other application")
    ADDON = "addon", _("Extension of other software")
    LIBRARY = "library", _("Library")
    CONFIGURATION = "configurationFiles", _("Configuration files")


class Maintenance(models.TextChoices):
    """``maintenance/type`` of publiccode.yml; the contract of this site ends with its payment."""

    NONE = "none", _("Nobody maintains it now")
    INTERNAL = "internal", _("The department maintains it")
    COMMUNITY = "community", _("Volunteers maintain it")


class Languages(models.TextChoices):
    """In which languages people can use the software (``localisation`` of publiccode.yml)."""

    BOTH = "en fr", _("English and French")
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
