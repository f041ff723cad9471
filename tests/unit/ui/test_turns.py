from __future__ import annotations

import threading

import pytest

from dashboard.ui.turns import Turns


class Runs:
    """Runs of pages in threads of their own, each held until it is let go."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.go = threading.Event()
        self.began: list[int] = []
        self.news = threading.Condition()
        self.threads: list[threading.Thread] = []

    def start(self, account: int) -> None:
        thread = threading.Thread(target=self._run, args=(account,))
        self.threads.append(thread)
        thread.start()

    def _run(self, account: int) -> None:
        with self._turns.turn(account), self._turns.turn(account):
            with self.news:
                self.began.append(account)
                self.news.notify_all()
            self.go.wait(10)

    def wait_for(self, count: int, seconds: float = 5) -> bool:
        with self.news:
            return self.news.wait_for(lambda: len(self.began) >= count, seconds)

    def end(self) -> None:
        self.go.set()
        for thread in self.threads:
            thread.join(10)


@pytest.mark.parametrize("most", [1, 2])
def test_one_account_has_so_many_runs_at_once_and_holds_up_nobody_else(most: int) -> None:
    runs = Runs(Turns(most=most, wait=10))
    for _time in range(most + 3):
        runs.start(1)
    assert runs.wait_for(most)
    assert not runs.wait_for(most + 1, 0.2)
    runs.start(2)
    assert runs.wait_for(most + 1)
    assert runs.began[-1] == 2
    runs.end()
    assert sorted(runs.began) == [1] * (most + 3) + [2]


def test_a_run_that_waited_long_enough_goes_on_all_the_same() -> None:
    runs = Runs(Turns(most=1, wait=0.1))
    runs.start(1)
    runs.start(1)
    assert runs.wait_for(2)
    runs.end()


def test_a_run_that_breaks_off_gives_its_turn_back() -> None:
    turns = Turns(most=1, wait=5)
    for _time in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn(1):
            raise ZeroDivisionError
    runs = Runs(turns)
    runs.start(1)
    assert runs.wait_for(1)
    runs.end()
