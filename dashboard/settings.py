"""The only reader of the environment, and where an installation keeps its files."""

from __future__ import annotations

import os
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from db.files import PRIVATE_FOLDER, beside, sqlite_path

PREFIX = "DASHBOARD_"
KINDS: Final = ("sqlite", "postgresql")
FILE_NAME: Final = "dashboard.db"
SYSTEM_FOLDER: Final = Path("/var/lib/dashboard")
SYSTEM_ENV_FILE: Final = Path("/etc/dashboard.env")
# Where versions before 0.2 put their data: below the folder in which somebody happened to stand.
FORMER_FILE: Final = Path(".data/dashboard.db")


def home_folder() -> Path:
    """Where one person's data are."""
    stated = os.environ.get("XDG_DATA_HOME", "")
    return (Path(stated) if stated.startswith("/") else Path.home() / ".local" / "share") / "dashboard"


def data_folder() -> Path:
    """The folder that systemd gives the service, the server's own, or the person's; the same from everywhere."""
    stated = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    if stated:
        return Path(stated)
    return SYSTEM_FOLDER if SYSTEM_FOLDER.is_dir() else home_folder()


def default_database_url() -> str:
    return f"sqlite:///{_former_file() or data_folder() / FILE_NAME}"


def demonstration_url() -> str:
    """Never among a server's data: whoever tries the program keeps it at home."""
    former = FORMER_FILE.with_name("demo.db")
    return f"sqlite:///{former.absolute() if former.exists() else home_folder() / 'demo.db'}"


def _former_file() -> Path | None:
    """The file of an installation from before 0.2, where one stands in it and no newer one exists."""
    try:
        is_newer_there = (data_folder() / FILE_NAME).exists()
    except PermissionError:
        return None
    return FORMER_FILE.absolute() if FORMER_FILE.exists() and not is_newer_there else None


def beside_data(url: str) -> Path:
    """The folder in which files that belong to the data are kept: backups, the end of the log."""
    path = sqlite_path(url)
    return path.absolute().parent if path else data_folder()


def head_path(url: str) -> Path:
    """The file that keeps the end of the change log outside the database."""
    path = sqlite_path(url)
    if path:
        return beside(path.absolute(), ".head")
    parsed = make_url(url)
    return data_folder() / f"{parsed.host or 'local'}-{parsed.database}.head"


def backup_folder(url: str) -> Path:
    return beside_data(url) / "backups"


class Settings(BaseSettings):
    """Each field is an environment variable with the prefix DASHBOARD_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: str = Field(
        default_factory=default_database_url,
        description="Where the data are: a SQLite file (four strokes before an absolute path) or a PostgreSQL"
        " database; signs such as @ in its password are written as %40",
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

    @field_validator("database_url")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        try:
            parsed = make_url(value)
        except (ArgumentError, ValueError) as error:
            raise PydanticCustomError("database_url_malformed", "no address of a database") from error
        kind = parsed.get_backend_name() if parsed.drivername.partition("+")[0] in KINDS else ""
        if not kind or not parsed.database or parsed.database == ":memory:":
            raise PydanticCustomError("database_url_unknown", "neither SQLite nor PostgreSQL")
        if "@" in (parsed.host or ""):
            raise PydanticCustomError("database_url_unescaped", "a password with signs of an address")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for part in (part.strip() for part in value.split(",")):
            if part in {"", "*"}:
                continue
            try:
                ip_network(part, strict=False)
            except ValueError as error:
                raise PydanticCustomError("addresses_malformed", "no address") from error
        return value


class Source:
    """The file that is read besides the environment; the environment wins."""

    env_file: Path | None = SYSTEM_ENV_FILE


@cache
def settings() -> Settings:
    """Raises ValidationError, OSError where the file of settings cannot be read."""
    file = Source.env_file
    if file and file.exists():
        file.read_bytes()  # the library takes a file that it may not read for an empty one
        return Settings(_env_file=file)
    return Settings()


def unknown_variables() -> list[str]:
    """Names with our prefix that no setting has: most are misspelt."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    file = Source.env_file
    named = set(os.environ) | (set(dotenv_values(file)) if file and file.exists() else set())
    return sorted(name for name in named if name.upper().startswith(PREFIX) and name.upper() not in known)


def prepare_folder(url: str) -> None:
    """Make the folder of a SQLite file where it is missing, closed to others: SQLite would only say that it cannot
    open."""
    path = sqlite_path(url)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def is_missing(url: str) -> bool:
    """Whether `url` names a SQLite file that does not exist."""
    path = sqlite_path(url)
    return path is not None and not path.exists()
