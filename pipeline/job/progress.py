"""How the job tells what it is doing: the command line draws a bar, tests and scripts stay silent."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each stage as it goes on."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` judgments are to be done, None when that is not known."""

    def advance(self, number: int) -> None:
        """`number` more judgments are done and saved."""

    def note(self, message: str) -> None:
        """Something worth a line, such as the file that is being read."""


class Silent:
    """Says nothing."""

    def start(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, number: int) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""
