"""People who sign in, their sessions, and the attempts that throttling counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from db.base import Moment, check, one_of

ROLES = ("viewer", "commune_officer", "agency_officer", "town_officer", "administrator")
LANGUAGES = ("vi", "en")


class Account(SQLModel, table=True):
    __tablename__ = "account"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("language", LANGUAGES),
        check("login = lower(login) AND login <> ''", "login_lower"),
        check("(role = 'commune_officer') = (area_id IS NOT NULL)", "area_by_role"),
        check("(role = 'agency_officer') = (agency_id IS NOT NULL)", "agency_by_role"),
        check("version >= 1", "version_positive"),
    )
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    role: str = Field(max_length=20)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    password_hash: str = Field(max_length=255)
    language: str = Field(default="vi", max_length=5)
    created_at: datetime = Field(sa_type=Moment)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    # Rises with each password, and when the account is disabled or enabled.
    version: int = 1


class LoginSession(SQLModel, table=True):
    """Only a hash of the cookie's secret is kept: a stolen backup opens no session."""

    __tablename__ = "login_session"
    __table_args__ = (check("expires_at > created_at", "expiry_after_start"),)
    token_hash: str = Field(max_length=64, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Moment)
    last_seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    address: str = Field(default="", max_length=64)


class SignInAttempt(SQLModel, table=True):
    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_login_at", "login", "at"),
        Index("ix_sign_in_attempt_network_at", "network", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=60)
    address: str = Field(max_length=64)
    # What counts as one place: the address itself, or the network of an IPv6 subscriber.
    network: str = Field(default="", max_length=64)
    # A browser from which this account signed in before.
    device: str | None = Field(default=None, max_length=16)
    at: datetime = Field(sa_type=Moment)
    succeeded: bool
