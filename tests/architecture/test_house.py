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

from dashboard import __version__
from dashboard.cli import app
from dashboard.settings import Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
LOCKS = {
    name: (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for name in ("requirements.lock", "requirements-test.lock")
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
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


def locked(name: str) -> dict[str, list[str]]:
    """Versions by package; one with two has a marker for each."""
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCKS[name], re.MULTILINE):
        found.setdefault(canonicalize_name(package), []).append(version)
    return found


def asked_for(group: str) -> list[str]:
    entries = PROJECT["dependency-groups"][group]
    return [
        text
        for entry in entries
        for text in ([entry] if isinstance(entry, str) else asked_for(entry["include-group"]))
    ]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.lock", [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]),
        ("requirements-test.lock", [*PROJECT["project"]["dependencies"], *asked_for("lint")]),
    ],
)
def test_the_locks_satisfy_what_the_project_asks_for(name: str, wanted: list[str]) -> None:
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        found = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in found), requirement


def test_what_is_tested_is_what_is_installed() -> None:
    tested = locked("requirements-test.lock")
    assert {name: tested.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_carries_hashes_and_no_address(name: str) -> None:
    entries = re.split(r"\n(?=\S)", LOCKS[name])
    packages = [entry for entry in entries if re.match(r"[\w.-]+==", entry)]
    assert len(packages) > 30
    assert all("--hash=sha256:" in entry for entry in packages)
    assert "://" not in LOCKS[name]


def test_ci_runs_the_commands_that_the_readme_gives() -> None:
    shown = re.findall(r"^python3 -m venv .+$", README, re.MULTILINE)
    assert [line.rpartition("&& ")[2] for line in shown if "&&" in line] == [
        ".venv/bin/dashboard demo",
        ".venv/bin/pytest",
    ]
    for mark in ("fetch", "offline"):
        assert re.search(rf"<!-- {mark} -->\n```\n(?:[^`]+\n)+```\n<!-- end -->", README)


def test_the_newest_change_is_of_this_version() -> None:
    changes = (ROOT / "deploy" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", changes, re.MULTILINE)[0] == __version__


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_documents_every_setting(name: str) -> None:
    assert f"`DASHBOARD_{name.upper()}`" in README


def test_the_readme_documents_no_setting_that_is_gone() -> None:
    known = {f"DASHBOARD_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"DASHBOARD_[A-Z_]+", README)) <= known


def test_commands_in_the_readme_exist() -> None:
    command = get_command(app)
    named = set(re.findall(r"(?:`|bin/)dashboard (\w+)", README))
    assert named == set(command.commands)  # type: ignore[attr-defined]


def test_rooms_and_files_in_the_readme_exist() -> None:
    named = set(re.findall(r"`((?:pages|dashboard|db|seed|tests|deploy)/[\w./-]*)`", README))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_picture_in_the_readme_exists() -> None:
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README, re.DOTALL):
        assert (ROOT / path).exists()


def test_no_two_files_of_tests_bear_one_name() -> None:
    """Pytest imports them by their bare names: a second one would stop the whole run before its first test."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
