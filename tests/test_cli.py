"""The command line as a person meets it: help, results as JSON, and one clear line for every mistake."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.errors import ChatrecError

runner = CliRunner()
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def fails(*arguments) -> str:
    """Run a command that must fail as a person's mistake; its one-line message."""
    result = runner.invoke(app, [str(a) for a in arguments])
    assert result.exit_code != 0
    assert isinstance(result.exception, ChatrecError), result.exception
    return str(result.exception)


def test_every_command_in_the_readme_exists():
    mentioned = set(re.findall(r"^(?:\.venv/bin/)?chatrec ((?:[a-z]+ ?)+)", README, re.MULTILINE))
    mentioned |= set(re.findall(r"`chatrec ((?:[a-z]+ ?)+)", README))
    assert len(mentioned) > 3
    for command in mentioned:
        words = command.split()
        found = next((n for n in (2, 1) if runner.invoke(app, [*words[:n], "--help"]).exit_code == 0), 0)
        assert found, f"README names `chatrec {command}`, which does not exist"


def test_a_mistake_is_one_line_without_a_traceback(tmp_path):
    command = [sys.executable, "-c", "from chatrec.cli import main; main()", "chat", "-w", str(tmp_path / "nowhere")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, input="")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "nowhere" in done.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "--out", "x"], "--source"),
        (["build", "--source", "nonsense", "--out", "x"], "nonsense"),
        (["build", "--items", "missing.csv", "--out", "x"], "missing.csv"),
        (["train", "--phase", "3"], "3"),
        (["evaluate", "scenarios", "missing.yaml"], "missing.yaml"),
        (["chat", "--script", "missing.txt"], "missing.txt"),
        (["assets", "fetch", "nonsense"], "nonsense"),
    ],
)
def test_mistakes_name_the_value(arguments, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    message = fails(*arguments)
    assert says in message


def test_own_tables_become_a_workspace_that_chats(tmp_path):
    items, readings = tmp_path / "books.csv", tmp_path / "readings.csv"
    rows = [f'{n},Book {n},{1950 + n},{"crime" if n % 2 else "poetry"},Author {n % 5},"A book about {"murder" if n % 2 else "gardens"}."' for n in range(1, 25)]  # fmt: skip
    items.write_text("isbn,title,year,genre,author,summary\n" + "\n".join(rows))
    readings.write_text("reader,isbn,rating\n" + "\n".join(f"r{u},{n},{5 if (u + n) % 2 else 2}" for u in range(12) for n in range(1, 25) if (u * n) % 3))  # fmt: skip
    (tmp_path / "catalogue.toml").write_text(
        'name = "Library"\n[words]\none = "book"\nmany = "books"\nuse = "read"\nused = "read"\n'
    )
    result = runner.invoke(app, ["build", "--items", str(items), "--interactions", str(readings), "--out", str(tmp_path / "w"), "--json", str(tmp_path / "b.json")])  # fmt: skip
    assert result.exit_code == 0, result.output
    built = json.loads((tmp_path / "b.json").read_text())
    assert built["items"] == 24 and built["users"] == 8 and built["interactions"] > 50 and built["matched"] == 16
    lines = tmp_path / "lines.txt"
    lines.write_text("I loved Book 3. What should I read?\nsome poetry please\n")
    result = runner.invoke(
        app, ["chat", "-w", str(tmp_path / "w"), "--script", str(lines), "--json", str(tmp_path / "c.json")]
    )
    assert result.exit_code == 0, result.output
    replies = json.loads((tmp_path / "c.json").read_text())["replies"]
    assert len(replies) == 2 and set(replies[0]) == {"text", "items", "state"}
    assert replies[0]["state"]["liked"] == ["Book 3 (1953)"]
    assert set(replies[0]["items"][0]) == {"item_id", "title", "year", "reason"}
    assert all(int(item["item_id"]) % 2 == 0 for item in replies[1]["items"]) and replies[1]["items"]


def test_scenarios_report_the_contracts_keys(small_workspace, tmp_path):
    script = tmp_path / "s.yaml"
    script.write_text(
        '- id: one\n  turns:\n    - user: "I loved Heat"\n      expect: {state: {liked: ["Heat (1995)"]}, recommends: {min: 1}, says_none: [zebra]}\n'
    )
    result = runner.invoke(
        app, ["evaluate", "scenarios", str(script), "-w", str(small_workspace), "--json", str(tmp_path / "r.json")]
    )
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "r.json").read_text())
    assert set(report) == {
        "scenarios",
        "passed",
        "checks",
        "checks_passed",
        "failures",
        "latency_p50_s",
        "latency_p95_s",
    }
    assert report["passed"] == report["scenarios"] == 1 and report["checks"] == report["checks_passed"] == 3
