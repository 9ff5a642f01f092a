"""The annotators' side of an open database: who may code, what was drawn for them, what they say, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.codebook import Codebook, load
from pipeline.schema import Entry
from pipeline.store import assignments, changes, coders, entries
from pipeline.store.assignments import Assignment, FrameRow, NewAssignment, Progress, QueueRow, Sample
from pipeline.store.changes import Change
from pipeline.store.coders import Coder, Session
from pipeline.store.connection import transaction, translated
from pipeline.store.entries import Manner, Save, Saved
from pipeline.store.store import Store


class Desk:
    """Every writing method is one transaction: it happens as a whole or not at all. StoreError when SQLite cannot do its part."""

    def __init__(self, store: Store, codebook: Codebook | None = None) -> None:
        self.store = store
        self.codebook = codebook or load()

    def invite(self, name: str, role: str = "coder") -> str:
        """Let somebody in; the token, which is shown once. Inviting again ends the earlier token. StoreError for an impossible name."""
        with transaction(self.store.db, self.store.path):
            return coders.invite(self.store.db, name, role)

    def revoke(self, name: str) -> None:
        """Shut somebody out; what they said stays."""
        with transaction(self.store.db, self.store.path):
            coders.revoke(self.store.db, name)

    def coders(self) -> list[Coder]:
        """All who were invited, by name."""
        with translated(self.store.path):
            return coders.everybody(self.store.db)

    def sign_in(self, name: str, token: str) -> Session | None:
        """Open a session for somebody who knows their token; None otherwise."""
        with transaction(self.store.db, self.store.path):
            return coders.sign_in(self.store.db, name, token)

    def session(self, secret: str) -> Session | None:
        """The session that a cookie names, or None."""
        with translated(self.store.path):
            return coders.session(self.store.db, secret)

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with transaction(self.store.db, self.store.path):
            coders.sign_out(self.store.db, secret)

    def add_sample(self, sample: Sample, frame: Iterable[FrameRow], given: Iterable[NewAssignment]) -> int:
        """Store a sample with its whole frame and put what was drawn into the queues; its id."""
        with transaction(self.store.db, self.store.path):
            return assignments.add_sample(self.store.db, sample, frame, given)

    def queue(self, coder: str, task: str, state: str | None = None, offset: int = 0, limit: int = 50) -> list[QueueRow]:
        """A stretch of somebody's queue in its order, all of it or only what is open or done."""
        with translated(self.store.path):
            return assignments.queue(self.store.db, coder, task, state, offset, limit)

    def tally(self, coder: str, task: str) -> Progress:
        """How far somebody has come in a queue."""
        with translated(self.store.path):
            return assignments.tally(self.store.db, coder, task)

    def assignment(self, coder: str, task: str, judgment_id: str) -> Assignment | None:
        """The assignment of a judgment to somebody, or None when they have none."""
        with translated(self.store.path):
            return assignments.one(self.store.db, coder, task, judgment_id)

    def neighbours(self, coder: str, task: str, judgment_id: str) -> tuple[str | None, str | None]:
        """The judgments before and behind one in a queue; None at its ends."""
        with translated(self.store.path):
            return assignments.neighbours(self.store.db, coder, task, judgment_id)

    def mark(self, coder: str, task: str, judgment_id: str, state: str) -> None:
        """Say that somebody is "done" with a judgment, or that it is "open" again."""
        with transaction(self.store.db, self.store.path):
            assignments.mark(self.store.db, coder, task, judgment_id, state)

    def add_seconds(self, coder: str, task: str, judgment_id: str, seconds: float) -> None:
        """Count time of work on a judgment."""
        with transaction(self.store.db, self.store.path):
            assignments.add_seconds(self.store.db, coder, task, judgment_id, seconds)

    def entries(self, judgment_id: str, by: str) -> list[Entry]:
        """What one voice says of a judgment."""
        with translated(self.store.path):
            return entries.read(self.store.db, self.codebook, judgment_id, by)

    def voices(self, judgment_id: str) -> list[str]:
        """Every person's voice that has spoken of a judgment, screeners and the adjudicated one among them."""
        with translated(self.store.path):
            return list(entries.voices(self.store.db, judgment_id))

    def seen(self, judgment_id: str, by: str) -> dict[tuple[str, str], int]:
        """The id of the newest change of each entry: (unit, variable) -> id."""
        with translated(self.store.path):
            return changes.seen(self.store.db, judgment_id, by)

    def save(self, saves: Sequence[Save], *, actor: str, mode: str, tab: str = "", reason: str = "") -> list[Saved]:
        """Save entries as one step of the history (see `entries.save`)."""
        with transaction(self.store.db, self.store.path):
            return entries.save(self.store.db, self.codebook, saves, Manner(actor, mode, tab, reason))

    def undo(self, judgment_id: str, by: str, *, actor: str, mode: str, tab: str = "") -> list[Change]:
        """Take back the last step of a voice in a judgment that is not yet taken back; its changes, none when there is none."""
        with transaction(self.store.db, self.store.path):
            return entries.undo(self.store.db, self.codebook, judgment_id, by, Manner(actor, mode, tab))

    def history(self, judgment_id: str, by: str | None = None, unit: str | None = None, variable: str | None = None) -> list[Change]:
        """All changes of a judgment, oldest first; of one voice, unit or variable only where it is named."""
        with translated(self.store.path):
            return changes.history(self.store.db, judgment_id, by, unit, variable)
