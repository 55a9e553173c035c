"""The command line as a whole: commands are found by file, loaded when run, and fail in one sentence."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

import stashbench
from stashbench import cli
from stashbench.errors import StashbenchError, TargetUnreachableError


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "stashbench", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def test_help_lists_every_command_and_imports_nothing_heavy():
    heavy = ["pytest", "rich", "msgspec", "gql", "jinja2", "apsw", "stashbench.audit", "stashbench.harness"]
    program = (
        "import sys; from stashbench.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    for name in ("audit", "baseline", "init"):
        assert f"\n  {name} " in done.stdout
    assert "options" not in {line.split()[0] for line in done.stdout.splitlines() if line.strip()}


@pytest.mark.parametrize("name", cli.cli.list_commands(click.Context(cli.cli)))
def test_every_command_loads_and_has_help(name):
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert isinstance(command, click.Command)
    assert command.help


def test_version():
    assert stashbench.__version__ in run("--version").stdout


def test_an_unknown_command_is_a_usage_error():
    done = run("nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (TargetUnreachableError("nothing listens at http://x"), 3, "stashbench: nothing listens at http://x\n"),
        (StashbenchError("odd"), 4, "stashbench: odd\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_an_error_is_one_sentence_and_its_exit_status(monkeypatch, capsys, raised, status, said):
    def fail(*_arguments, **_options):
        raise raised

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as left:
        cli.main([])
    assert (left.value.code, capsys.readouterr().err) == (status, said)


def test_a_commands_return_value_is_the_exit_status(monkeypatch):
    monkeypatch.setattr(cli.cli, "main", lambda *_arguments, **_options: 3)
    with pytest.raises(SystemExit) as left:
        cli.main([])
    assert left.value.code == 3


def test_init_copies_the_suites_and_says_what_next(tmp_path):
    done = run("init", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "stashbench audit --suite mine" in done.stdout
    assert (tmp_path / "mine" / "benchmarks" / "bench_scenes.py").is_file()
    again = run("init", "mine", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "not empty" in again.stderr


def test_a_suite_that_is_not_there_is_a_usage_error(tmp_path):
    done = run("audit", "--suite", "nothing", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("stashbench: there is no suite at nothing")
    assert list(tmp_path.iterdir()) == []
