"""Going back and forth through migrations in a seventh of the time. The templates are made by `migrate` as it is.

Imports nothing of the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.migrations.state import ProjectState, get_related_models_tuples


@contextmanager
def neighbours_only() -> Iterator[None]:
    """Make the classes of a changed model and of its neighbours anew, not of all that hang together with it.

    Most models hang together over the user, so that Django makes them anew after each operation, which is nine tenths
    of the time. The schema comes from the model itself and its neighbours. Code that a migration runs gets all classes
    anew before, as after any operation that Django calls delayed.
    """

    def found(
        state: ProjectState, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        state.is_delayed = True
        try:
            neighbours = get_related_models_tuples(state.apps.get_model(app_label, model_name))
        except LookupError:
            neighbours = set()
        return {*neighbours, (app_label, model_name)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "_find_reload_model", found)
        yield
