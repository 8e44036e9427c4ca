"""How much is done for whom: askings a minute by address, and seats."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from kb.errors import BusyError, TooOftenError
from kb.web.limits import Allowance, Seats


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_allowance_is_spent_and_comes_back() -> None:
    """All of a minute's askings may come at once; then one comes back at a time, and when is told."""
    clock = Clock()
    allowance = Allowance(6, clock)
    for _ in range(6):
        allowance.spend("192.0.2.1")
    with pytest.raises(TooOftenError) as told:
        allowance.spend("192.0.2.1")
    assert 10 <= told.value.seconds <= 11
    allowance.spend("192.0.2.2")  # another address has its own
    clock.now = 10.1
    allowance.spend("192.0.2.1")
    with pytest.raises(TooOftenError):
        allowance.spend("192.0.2.1")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("testclient", "testclient", True),
    ],
    ids=["network", "other-network", "mapped", "zone", "no-address"],
)
def test_one_network_is_one_address(first: str, second: str, same: bool) -> None:
    """Whoever has a network of addresses has one allowance for them."""
    allowance = Allowance(1, Clock())
    allowance.spend(first)
    if same:
        with pytest.raises(TooOftenError):
            allowance.spend(second)
    else:
        allowance.spend(second)


def test_none_is_counted_where_the_setting_is_0() -> None:
    """0 a minute is no bound."""
    allowance = Allowance(0, Clock())
    for _ in range(1_000):
        allowance.spend("192.0.2.1")


def test_seats_are_taken_waited_for_and_refused() -> None:
    """One more waits for a seat; who comes when the queue is full is turned away at once."""
    seats = Seats(1, waiting=1, seconds=30)
    first = seats.take()
    waiting = threading.Thread(target=lambda: seats.take().leave())
    waiting.start()
    while not seats.num_waiting:
        time.sleep(0.001)
    with pytest.raises(BusyError) as told:
        seats.take()
    assert told.value.seconds > 0
    first.leave()
    first.leave()
    waiting.join(10)
    assert not waiting.is_alive()
    seats.take().leave()


def test_waiting_ends() -> None:
    """Who waits is told after a while that nothing came free."""
    seats = Seats(1, waiting=1, seconds=0.01)
    seat = seats.take()
    with pytest.raises(BusyError):
        seats.take()
    seat.leave()


def test_a_forgotten_seat_comes_free() -> None:
    """A seat that nobody holds any more is left."""
    seats = Seats(1, waiting=0, seconds=0)
    seats.take()
    gc.collect()
    with seats.taken():
        pass
