"""What one published figure says, and what counts the same in a database."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.codebook import Term

COUNTS = ("cases", "defendants", "victims")
NO_NOTE = Term("note", "", "")


@dataclass(frozen=True, slots=True)
class Measure:
    """What to count: a line of Table 1, or the units with one of some values of a variable of the codebook.

    `count`: "cases" (where the variable is a defendant's or victim's: cases with at least one such), "defendants" or "victims".
    `leave_out`: values whose units count as not recorded. `among`: (variable of the case, values): only cases with one of these.
    """

    line: str = ""
    variable: str = ""
    values: tuple[str, ...] = ()
    count: str = "cases"
    leave_out: tuple[str, ...] = ()
    among: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A published share: `n` of `of`, for one attack type or in total; `measure` is None where the database has nothing like it.

    `n` is None where only a percentage is printed and `of` is not, `of` None where none is printed. `percent` is the one printed.
    `rounded`: n was worked out from the percentage. `where` is the place in the source, `note` a remark in both languages.
    """

    label: Term
    type: str
    n: int | None
    of: int | None
    percent: float | None = None
    rounded: bool = False
    measure: Measure | None = None
    where: str = ""
    note: Term = NO_NOTE
