"""How many independent units a share is worth whose units come several from one case: defendants, charges, victims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Clusters:
    """The units of a column by case: `sizes`, with their sums."""

    sizes: Mapping[str, int]
    cases: int = field(init=False)
    units: int = field(init=False)
    squares: int = field(init=False)

    def __post_init__(self) -> None:
        sizes = [size for size in self.sizes.values() if size > 0]
        for name, value in (("cases", len(sizes)), ("units", sum(sizes)), ("squares", sum(size**2 for size in sizes))):
            object.__setattr__(self, name, value)

    @property
    def single(self) -> bool:
        """Whether no case has more than one unit: every unit is then independent of the others."""
        return self.squares == self.units

    def effective(self, held: Mapping[str, int]) -> float | None:
        """The effective number of units behind the share of those that are `held`, by case; None where each unit is a case of its own.

        It is p (1 - p) / variance, at most the number of units (Korn & Graubard, Survey Methodology 1998; 24: 193-201), the variance being
        that of a ratio over cases drawn independently: m / (m - 1) times the sum over the m cases of ((held - p size) / units)². It needs
        two cases and a share between 0 and 1; else the cases are counted.
        """
        count = sum(held.values())
        if self.single:
            return None
        if self.cases < 2 or not 0 < count < self.units:
            return float(self.cases)
        share = count / self.units
        crossed = sum(n * (n - 2 * share * self.sizes[case]) for case, n in held.items())
        variance = self.cases / (self.cases - 1) * (crossed + share**2 * self.squares) / self.units**2
        return min(float(self.units), share * (1 - share) / variance) if variance > 0 else float(self.units)
