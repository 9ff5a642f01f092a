"""How a count and its share are written: a whole percentage under 100 cases, one decimal above, never 0 for something or 100 for less."""

from __future__ import annotations


def percentage(n: int, denominator: int) -> str:
    """The share of `n` in `denominator` in percent, without the sign: "7", "6.9", "<1"; "–" where there is nothing to divide by."""
    if denominator <= 0:
        return "–"
    places = 0 if denominator < 100 else 1
    step = 10.0**-places
    share = 100 * n / denominator
    written = f"{share:.{places}f}"
    if n > 0 and float(written) == 0:
        return f"<{step:g}"
    if n < denominator and float(written) == 100:
        return f">{100 - step:g}"
    return written


def span(n: int, denominator: int, effective: float | None = None) -> str:
    """The 95 % interval (Wilson) of a share in percent, without the sign: "67–94"; one decimal from 1000 on; "" where there is no share.

    `effective`: how many independent units the share is worth, where a case has several.
    """
    from pipeline.analyse.statistics import interval

    limits = interval(n, denominator, effective=effective)
    if limits.low is None or limits.high is None:
        return ""
    places = 0 if denominator < 1000 else 1
    return f"{100 * limits.low:.{places}f}–{100 * limits.high:.{places}f}"


def thousands(n: int) -> str:
    """A count with narrow no-break spaces between thousands from 10 000 on: "9876", "12 345"."""
    return str(n) if abs(n) < 10_000 else f"{n:,}".replace(",", "\u202f")
