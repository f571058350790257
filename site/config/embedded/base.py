"""Django's PostgreSQL engine, with the server started before the first connection."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError
from psycopg2 import OperationalError as DriverError

from config.embedded.server import EmbeddedServer

PROJECT_DATABASE = "microacq"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded server of the folder that the settings name."""

    def get_connection_params(self) -> dict[str, Any]:
        """Say where the server listens."""
        self.settings_dict["HOST"] = str(self._server.socket_folder)
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; start the server or make the project's database if that is why it fails."""
        server = self._server
        if server.is_held():
            try:
                return super().get_new_connection(conn_params)
            except (DriverError, OperationalError):
                pass  # killed, or stopped by hand: start it again
        server.ensure_running()
        if self.settings_dict["NAME"] == PROJECT_DATABASE:
            server.ensure_database(PROJECT_DATABASE)
        return super().get_new_connection(conn_params)

    @property
    def _server(self) -> EmbeddedServer:
        embedded = self.settings_dict["EMBEDDED"]
        return EmbeddedServer.of(embedded["folder"], throwaway=embedded["throwaway"])
