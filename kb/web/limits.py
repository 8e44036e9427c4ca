"""Limits on questions: so many a minute for each address, and so many at the same time for all."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.errors import BusyError, TooOftenError

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_MOST_ADDRESSES = 10_000  # that are remembered; the one that was quiet longest is forgotten
_IPV6_NETWORK = 64  # bits: one household or machine has all addresses behind them


def client_address(connection: HTTPConnection | None) -> str:
    """The IP address that a request comes from: behind a trusted proxy, the one it names; "" where there is none."""
    return connection.client.host if connection and connection.client else ""


class Allowance:
    """So many questions a minute for each address, all at once or spread, as a token bucket. Threads may share it."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`a_minute`: 0 allows any number."""
        self.a_minute = a_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when it was counted

    def spend(self, address: str) -> None:
        """Count one question. Raises TooOftenError where nothing is left for this address."""
        if not self.a_minute:
            return
        payer = _payer(address)
        with self._lock:
            now = self._clock()
            left, counted = self._left.pop(payer, (float(self.a_minute), now))
            left = min(left + (now - counted) * self.a_minute / 60, float(self.a_minute))
            enough = left >= 1
            self._left[payer] = (left - 1 if enough else left, now)
            while len(self._left) > _MOST_ADDRESSES:
                self._left.popitem(last=False)
        if not enough:
            seconds = int((1 - left) * 60 / self.a_minute) + 1
            raise TooOftenError(f"来自同一地址的提问每分钟最多 {self.a_minute} 次；请 {seconds} 秒后再试。", seconds)


class Seats:
    """So many at the same time; some more wait for a while, and all others are refused. Threads may share it."""

    def __init__(self, at_once: int, *, waiting: int, seconds: float) -> None:
        """`waiting`: how many may wait, and `seconds` for how long."""
        self.num_free = at_once
        self.num_waiting = 0
        self._most_waiting = waiting
        self._seconds = seconds
        self._changed = threading.Condition()

    def take(self) -> Seat:
        """A seat. Raises BusyError where none comes free in time."""
        with self._changed:
            if not self.num_free:
                self._wait()
            self.num_free -= 1
        return Seat(self)

    def give_back(self) -> None:
        """Make one more seat free: for a `Seat` that is left."""
        with self._changed:
            self.num_free += 1
            self._changed.notify()

    def _wait(self) -> None:
        if self.num_waiting == self._most_waiting:
            raise BusyError(_BUSY, _RETRY_SECONDS)
        self.num_waiting += 1
        try:
            if not self._changed.wait_for(lambda: self.num_free, self._seconds):
                raise BusyError(_BUSY, _RETRY_SECONDS)
        finally:
            self.num_waiting -= 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A seat as long as it is needed. Raises as `take`."""
        seat = self.take()
        try:
            yield
        finally:
            seat.leave()


class Seat:
    """A seat that is taken; it is left at the latest when it is deleted."""

    def __init__(self, seats: Seats) -> None:
        self._seats: Seats | None = seats

    def leave(self) -> None:
        """Free the seat; may be called twice."""
        seats, self._seats = self._seats, None
        if seats is not None:
            seats.give_back()

    def __del__(self) -> None:
        self.leave()


_BUSY = "正在回答的问题太多；请稍后再试。"
_RETRY_SECONDS = 5


def _payer(address: str) -> str:
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, _IPV6_NETWORK), strict=False))
    return str(read)
