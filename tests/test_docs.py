"""The documents say what the program does: every command they show exists, every file they name is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from cli import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def shown_commands(path: Path) -> list[str]:
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("anjuan ")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_command_shown_exists_with_its_options(path: Path) -> None:
    lines = shown_commands(path)
    assert lines
    for line in lines:
        command, rest = resolved(shlex.split(line, comments=True)[1:])
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= options, line


def resolved(words: list[str]) -> tuple[typer.core.TyperCommand, list[str]]:
    """The command that the words call, inside a group (`rules show`) too, and the words left over."""
    command, commands = typer.main.get_command(app), COMMANDS
    for n, word in enumerate(words):
        if word not in commands and commands is not COMMANDS and "files" in commands:
            return commands["files"], words[n:]  # `collect` imports files unless told otherwise
        if word not in commands and commands is not COMMANDS and command.invoke_without_command:
            return command, words[n:]  # `codebook` prints the codebook
        assert word in commands, " ".join(words)
        command = commands[word]
        commands = getattr(command, "commands", None)
        if commands is None:
            return command, words[n + 1 :]
    if command.invoke_without_command:
        return command, []
    raise AssertionError(f"{' '.join(words)} names no command")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_make_target_shown_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", path.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_local_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if "://" not in link:
            assert (ROOT / link).exists(), link


EVERY = {name: command for name, command in COMMANDS.items() if not hasattr(command, "commands") or command.invoke_without_command}
EVERY |= {
    f"{group} {name}": command
    for group in ("collect", "rules", "codebook", "annotate")
    for name, command in COMMANDS[group].commands.items()
}


@pytest.mark.parametrize("name", EVERY)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    assert f"Example: anjuan {name}" in (EVERY[name].help or "")
