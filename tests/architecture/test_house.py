"""The arrows of the house, the top of the tree, the lock file, and what the README says."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from catalogue import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

from dashboard.cli import app
from dashboard.settings import Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
LOCK = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
TOP = {"dashboard", "pages", "db", "seed", "tests", "deploy", "pyproject.toml", "README.md"}


def git(*arguments: str) -> list[str]:
    answer = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return answer.stdout.splitlines()


def test_imports_go_one_way() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_top_of_the_tree_holds_nothing_else() -> None:
    top = {line.split("/")[0] for line in git("ls-files")}
    assert {name for name in top if not name.startswith(".")} <= TOP


def locked() -> dict[str, str]:
    return {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)
    }


def test_the_lock_satisfies_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = locked()
    for text in project["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), text


def test_every_locked_package_carries_hashes_and_no_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK)
    packages = [entry for entry in entries if re.match(r"[\w.-]+==", entry)]
    assert len(packages) > 30
    assert all("--hash=sha256:" in entry for entry in packages)
    assert "://" not in LOCK


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_documents_every_setting(name: str) -> None:
    assert f"`DASHBOARD_{name.upper()}`" in README


def test_the_readme_documents_no_setting_that_is_gone() -> None:
    known = {f"DASHBOARD_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"DASHBOARD_[A-Z_]+", README)) <= known


def test_commands_in_the_readme_exist() -> None:
    command = get_command(app)
    named = set(re.findall(r"`?(?:uv run )dashboard (\w+)", README))
    assert named
    assert named <= set(command.commands)  # type: ignore[attr-defined]


def test_rooms_and_files_in_the_readme_exist() -> None:
    named = set(re.findall(r"`((?:pages|dashboard|db|seed|tests|deploy)/[\w./-]*)`", README))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_picture_in_the_readme_exists() -> None:
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README, re.DOTALL):
        assert (ROOT / path).exists()
