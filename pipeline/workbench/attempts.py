"""Failed attempts to sign in: after a few, the next one under the same name must wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 3  # attempts that cost nothing: a slip of the clipboard
LONGEST = 60.0  # seconds; a person can wait so long, a program that guesses gets nowhere
NAMES = 1000  # remembered at most: made-up names must not fill the memory


class Attempts:
    """Counts failures by name, in memory: they are forgotten when the server ends. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Seconds until `name` may try again; 0 when it may now."""
        with self._lock:
            return max(0.0, self._failures.get(name, (0, 0.0))[1] - self._clock())

    def failed(self, name: str) -> None:
        """Note a failure: from the third on, each doubles the wait, which begins at two seconds."""
        with self._lock:
            count = self._failures.pop(name, (0, 0.0))[0] + 1
            pause = 0.0 if count < FREE else min(LONGEST, 2.0 ** min(count - FREE + 1, 10))
            self._failures[name] = (count, self._clock() + pause)
            while len(self._failures) > NAMES:
                self._failures.popitem(last=False)

    def forget(self, name: str) -> None:
        """Forget the failures of `name`: it has signed in."""
        with self._lock:
            self._failures.pop(name, None)
