"""Settings common to every way of running. Holds no secret and reads no key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import CHECKOUT, environment

BASE_DIR = CHECKOUT
VAR_DIR = CHECKOUT / environment.text("MICROACQ_VAR", "var")

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Our two applications come first: their commands (`publish_scheduled`) and templates replace Wagtail's.
INSTALLED_APPS = [
    "config",
    "microacq_pages",
    "submissions",
    "wagtail_localize",
    "wagtail.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressionMiddleware",
    "config.csp.ContentSecurityPolicyMiddleware",
    "config.charset.CharsetMiddleware",
    "config.sizes.PublicSizeMiddleware",
    "microacq_pages.page_cache.PublicPageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "microacq_pages.staff_language.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "microacq_pages.middleware.RefusalMiddleware",
    "microacq_pages.signed_out.SignedOutMiddleware",
    # Last, as its documentation asks: it turns a refused sign-in into the answer.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "config.context_processors.site_facts",
            ],
        },
    },
]

# --- Language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Toronto"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_USER_TIME_ZONES = ["America/Toronto"]
WAGTAILADMIN_PERMITTED_LANGUAGES = list(LANGUAGES)

# --- Files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # The written files: never served, and made again at any time by `write_records`.
    "records": {
        "BACKEND": "submissions.records.archive.keeping.FolderStorage",
        "OPTIONS": {"location": environment.text("MICROACQ_RECORDS_FOLDER", str(VAR_DIR / "records"))},
    },
}
WAGTAILDOCS_DOCUMENT_FORM_BASE = "microacq_pages.documents.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "md", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 5 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no page of ours loads anything from another host
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an opportunity with many criteria and their translations

# --- Database, tasks, cache --------------------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Mail --------------------------------------------------------------------------------------------------

# Every message becomes a row in the transaction of its cause; the worker delivers it through the second name.
EMAIL_BACKEND = "submissions.notices.backend.OutboxBackend"
MICROACQ_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = "micro-acquisition@example.ca"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mail comes back to, and where it is fetched from: a Maildir or an IMAP mailbox. Empty: not fetched.
MICROACQ_BOUNCE_ADDRESS = environment.text("MICROACQ_BOUNCE_ADDRESS")
MICROACQ_BOUNCES = environment.text("MICROACQ_BOUNCES")

# --- Sign-in -----------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
# Counted by account and address together: nobody can lock another person out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "config.visitors.address_of_visitor"
MICROACQ_PROXY_COUNT = 0
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "config.views.too_many_sign_ins"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Security ----------------------------------------------------------------------------------------------

CSRF_FAILURE_VIEW = "submissions.proposals.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone when the browser closes, as the privacy notice says
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editors' preview shows our own pages in a frame
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
# Wagtail's staff interface writes scripts and styles into its pages; it is served to signed-in staff only.
MICROACQ_STAFF_PATHS = ("/admin/",)
MICROACQ_STAFF_CSP = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}

# --- Wagtail -----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Micro-acquisition"
WAGTAIL_FINISH_WORKFLOW_ACTION = "microacq_pages.workflow_actions.publish_approved_pair"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "wagtailcore/password_required.html"  # noqa: S105 (a template's name)
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ALLOW_UNICODE_SLUGS = False

# --- This software -----------------------------------------------------------------------------------------

MICROACQ_DEMO = False
MICROACQ_EMBEDDED_DATABASE = False
MICROACQ_SERVE_MEDIA = False
MICROACQ_REFUSE_DEMO_ACCOUNTS = False
MICROACQ_DEPARTMENT = {
    "en": environment.text("MICROACQ_DEPARTMENT_EN", "Department of Community Programs"),
    "fr": environment.text("MICROACQ_DEPARTMENT_FR", "Ministère des Programmes communautaires"),
}
MICROACQ_CONTACT_EMAIL = DEFAULT_FROM_EMAIL
# Business days that a step of a review should take at most, by the name of its group or of the step.
MICROACQ_REVIEW_TARGET_DAYS = {"IT Strategy": 2, "CFOB procurement": 2, "Translator": 3}
# Business days within which staff answer what suppliers write after the result.
MICROACQ_DEBRIEF_TARGET_DAYS = {"conversation": 10, "complaint": 5}
# Who hears complaints that the department does not settle.
MICROACQ_OMBUDSMAN = {
    "en": {
        "name": "Office of the Procurement Ombud",
        "url": "https://opo-boa.gc.ca/index-eng.html",
        "email": "opo-boa@opo-boa.gc.ca",
        "telephone": "1-866-734-5169",
    },
    "fr": {
        "name": "Bureau de l’ombud de l’approvisionnement",
        "url": "https://opo-boa.gc.ca/index-fra.html",
        "email": "opo-boa@opo-boa.gc.ca",
        "telephone": "1-866-734-5169",
    },
}
# Code of the province of the address to which suppliers send invoices, such as ON: it decides the taxes of services.
# Empty, invoices have the taxes of the province from which each supplier works.
MICROACQ_DEPARTMENT_PROVINCE = environment.text("MICROACQ_DEPARTMENT_PROVINCE").upper()
# The department in the Open Resource Exchange: the name of its file in _data/code/federal of canada-ca/ore-ero.
MICROACQ_ORE_ADMIN_CODE = environment.text("MICROACQ_ORE_ADMIN_CODE", "abc-def")
# Where public work is done, and whose e-mail addresses a contact may have; a domain stands for those below it.
MICROACQ_CODE_HOSTS = environment.words("MICROACQ_CODE_HOSTS") or [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "framagit.org",
    "git.drupalcode.org",
]
MICROACQ_CONTACT_DOMAINS = environment.words("MICROACQ_CONTACT_DOMAINS") or ["gc.ca", "canada.ca"]
# Times of day, in Eastern time, at which applications may close.
MICROACQ_DEADLINE_TIMES = environment.words("MICROACQ_DEADLINE_TIMES") or ["23:59", "14:00"]
#: Where the public input of random selections comes from; submissions/selection/sources.py knows them.
MICROACQ_DRAW_SOURCE = environment.text("MICROACQ_DRAW_SOURCE", "lotto-649")
# Files are written down in these languages.
MICROACQ_RECORDS_LANGUAGES = environment.words("MICROACQ_RECORDS_LANGUAGES") or ["en", "fr"]
# How long personal data is kept after a file has ended; nothing is erased but by the command `erase_personal_data`.
MICROACQ_RETENTION = {
    "applications": timedelta(days=int(environment.text("MICROACQ_RETENTION_APPLICATIONS", "730"))),
    "contract": timedelta(days=int(environment.text("MICROACQ_RETENTION_CONTRACT", "2557"))),
}
# The prefix that the Open Contracting Partnership registered for the department. Empty: nothing is published that way.
MICROACQ_OCID_PREFIX = environment.text("MICROACQ_OCID_PREFIX")
MICROACQ_CUSTODIAN_RECIPIENTS: list[str] = []
MICROACQ_CUSTODIAN_KEY_FILES: list[str] = []
MICROACQ_READING_KEY: list[str] = []
MICROACQ_MAIL_KEY: list[str] = []
# Refusals are recorded on this second connection, so that a rollback does not erase them.
MICROACQ_REFUSALS_DATABASE = "refusals"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.LineFormatter",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        "django_tasks": {"level": "INFO"},
    },
}
