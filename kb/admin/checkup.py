"""A look at all parts that takes its time: done aside, one at a time, and its last findings kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.admin.diagnosis import Finding
from kb.errors import WenzhengError


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found, and when (seconds since 1970)."""

    ended: float
    all: Sequence[Finding]


class Checkup:
    """Runs `examine` when asked to."""

    def __init__(self, examine: Callable[[], Sequence[Finding]], clock: Callable[[], float] = time.time) -> None:
        self._examine = examine
        self._clock = clock
        self._turn = threading.Lock()
        self.last: Findings | None = None

    @property
    def runs(self) -> bool:
        """Whether the parts are being looked at."""
        return self._turn.locked()

    def start(self) -> bool:
        """Begin a look in a thread of its own; returns False where one is under way."""
        if not self._turn.acquire(blocking=False):
            return False
        threading.Thread(target=self._run, name="checkup", daemon=True).start()
        return True

    def _run(self) -> None:
        try:
            findings = self._examine()
            self.last = Findings(ended=self._clock(), all=findings)
        except WenzhengError as error:
            broken_off = Finding(name="检查", healthy=False, detail="没有做完", advice=str(error))
            self.last = Findings(ended=self._clock(), all=[broken_off])
        finally:
            self._turn.release()
