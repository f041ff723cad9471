"""The only reader of the environment."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "DASHBOARD_"


class Settings(BaseSettings):
    """Each field is an environment variable with the prefix DASHBOARD_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: str = Field(
        default="sqlite:///.data/dashboard.db",
        description="Where the data are: a SQLite file or a PostgreSQL database",
    )
    address: str = Field(default="127.0.0.1", description="The address on which the server listens")
    port: int = Field(default=8501, ge=1, le=65535, description="The port on which the server listens")
    secure_cookies: Literal["auto", "always", "never"] = Field(
        default="auto",
        description="Whether cookies travel over HTTPS alone; auto: where the request came over HTTPS",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses of proxies whose X-Forwarded headers are believed, separated by commas",
    )
    hosts: str = Field(
        default="",
        description="Names under which the dashboard is opened, separated by commas; all names where empty",
    )
    idle_minutes: int = Field(default=120, ge=5, description="Minutes without use after which a session ends")
    session_hours: int = Field(default=12, ge=1, description="Hours after which a session ends in any case")
    admin_login: str = Field(default="quantri", description="Login of the first administrator made by `init`")
    admin_password: SecretStr | None = Field(
        default=None, description="Password of the first administrator; without it `init` asks for one"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much the server logs: debug, info, warning, error"
    )


@cache
def settings() -> Settings:
    return Settings()


def prepare_folder(url: str) -> None:
    """Make the folder of a SQLite file where it is missing: SQLite itself would only say that it cannot open."""
    path = _file(url)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)


def is_missing(url: str) -> bool:
    """Whether `url` names a SQLite file that does not exist."""
    path = _file(url)
    return path is not None and not path.exists()


def _file(url: str) -> Path | None:
    scheme, _separator, path = url.partition(":///")
    return Path(path) if scheme.startswith("sqlite") and path else None
