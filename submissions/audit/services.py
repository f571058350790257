"""Recording acts and refusals.

Owns the two ways into the audit: ``record`` in the caller's transaction, ``record_refusal`` on a connection
of its own. Both write to Wagtail's log; the database chains what is written. A log row is kept for ever, so
it holds identifiers and salted digests, never a supplier's data. Imports no later stage.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.log_actions import get_active_log_context, log, registry
from wagtail.models import BaseLogEntry, Page

from microacq_pages.formats import known_language

from .masking import mask_addresses

Actor = AbstractBaseUser | AnonymousUser | None
#: In the data of a refusal: why, and in which language that is.
REASONS, LANGUAGE = "reasons", "language"


def record(
    instance: models.Model,
    action: str,
    *,
    user: Actor = None,
    data: Mapping[str, Any] | None = None,
) -> BaseLogEntry:
    """Record that somebody did something, in the transaction in which it was done.

    Args:
        instance: what it was done to; its ``str()`` becomes the label, so it must hold no supplier's data.
        action: the name of an act in ``submissions.audit.actions``.
        user: who did it; without one, the user of the active log context, else the system.
        data: identifiers and digests that the act's sentence names. Addresses are masked.

    Raises:
        ValidationError: the act is not registered.
    """
    return log(instance=instance, action=action, user=_account(user), data=_safe(data or {}))


def record_refusal(
    instance: models.Model,
    action: str,
    *,
    user: Actor,
    data: Mapping[str, Any] | None = None,
) -> BaseLogEntry:
    """Record a refused attempt so that it stays, whatever becomes of the caller's transaction.

    The row is written and committed on the second connection that ``MICROACQ_REFUSALS_DATABASE`` names. The
    instance may be one that the caller's transaction has not committed, or will not.

    Raises:
        ValidationError: the act is not registered.
        ValueError: the instance has no primary key.
    """
    alias = settings.MICROACQ_REFUSALS_DATABASE
    said = dict(data or {})
    if REASONS in said:
        # In the language of whoever was refused, which later readers have to be told.
        said[LANGUAGE] = known_language(get_language())
    # Nothing here asks the caller's connection, whose transaction may be broken already.
    entry = _entry(instance, action, user, said, alias)
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            # Were the caller to hold the chain already, waiting for it here would never end.
            cursor.execute("SET LOCAL lock_timeout = '10s'")
        models.Model.save(entry, using=alias, force_insert=True)
    return entry


def _entry(
    instance: models.Model, action: str, user: Actor, data: Mapping[str, Any] | None, alias: str
) -> BaseLogEntry:
    """A row of the log that belongs to an object, checked and not yet saved."""
    if instance.pk is None:
        raise ValueError(f"An act needs an object that has a key: {instance!r}")
    context = get_active_log_context()
    account = _account(user) or context.user
    if isinstance(instance, Page):
        label, reference = instance.get_admin_display_title(), {"page_id": instance.pk}
    else:
        label, reference = str(instance), {"object_id": str(instance.pk)}
    types = ContentType.objects.db_manager(alias)
    # Ids instead of instances, because objects of one connection may not be assigned to a row of another.
    entry: BaseLogEntry = registry.get_log_model_for_instance(instance)(
        content_type_id=types.get_for_model(instance, for_concrete_model=False).pk,
        label=label,
        action=action,
        timestamp=timezone.now(),
        uuid=context.uuid,
        user_id=account.pk if account else None,
        data=_safe(data or {}),
        **reference,
    )
    entry.full_clean(exclude=["content_type", "user", "revision", "page"], validate_unique=False)
    return entry


def salted_digest(value: str, salt: str | bytes) -> str:
    """A digest by which a value is recognized while its salt is kept, and by nobody once it is purged."""
    key = salt.encode() if isinstance(salt, str) else salt
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _account(user: Actor) -> Any:
    """The account of a signed-in person; a visitor is nobody to the log."""
    return user if user is not None and user.is_authenticated else None


def _safe(value: Any) -> Any:
    """The same data with every e-mail address masked, however deep."""
    if isinstance(value, str):
        return mask_addresses(value)
    if isinstance(value, Mapping):
        return {str(key): _safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(item) for item in value]
    return value
