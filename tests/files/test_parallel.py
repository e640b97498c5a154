"""Two processes give what one gives."""

import os
import threading
from collections.abc import Sequence

import pytest

from dhrctl.files import parallel
from dhrctl.files.parallel import MANY, divide_work
from dhrctl.files.yaml import reader
from dhrctl.findings import rules

ITEMS = list(range(9))


def worked(items: Sequence[int]) -> list[tuple[int, int]]:
    """Say who did it."""
    return [(item, os.getpid()) for item in items]


@pytest.fixture(name="alone")
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the program that it has two processors and one thread, as it has outside the tests."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.fixture(name="forks")
def _forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the children that are made, as they are made."""
    children: list[int] = []
    fork = os.fork

    def forked() -> int:
        children.append(fork())
        return children[-1]

    monkeypatch.setattr(os, "fork", forked)
    return children


@pytest.mark.usefixtures("alone")
def test_the_second_half_of_many_is_worked_on_in_a_child() -> None:
    found = list(divide_work(worked, ITEMS, MANY))
    assert [item for item, _ in found] == ITEMS
    assert len({process for _, process in found}) == 2
    assert found[0][1] == os.getpid() != found[-1][1]


@pytest.mark.usefixtures("alone")
def test_what_is_worked_on_here_is_a_share(forks: list[int]) -> None:
    here = [item for item, process in divide_work(worked, ITEMS, MANY, 0.25) if process == os.getpid()]
    assert here == ITEMS[:2]
    assert len(forks) == 1


@pytest.mark.usefixtures("alone")
def test_who_stops_asking_leaves_no_child_behind(forks: list[int]) -> None:
    found = divide_work(lambda items: [str(item) * 100_000 for item in items], ITEMS, MANY)
    assert next(found) == "0" * 100_000
    found.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(forks[0], os.WNOHANG)


@pytest.mark.usefixtures("alone")
def test_few_are_worked_on_in_one_process() -> None:
    assert {process for _, process in divide_work(worked, ITEMS, MANY - 1)} == {os.getpid()}


def test_a_program_with_threads_or_one_processor_makes_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert {process for _, process in divide_work(worked, ITEMS, MANY)} == {os.getpid()}
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert {process for _, process in divide_work(worked, ITEMS, MANY)} == {os.getpid()}


@pytest.mark.usefixtures("alone")
def test_the_half_of_a_child_that_fails_is_worked_on_here() -> None:
    here = os.getpid()

    def failing(items: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            raise MemoryError
        return list(items)

    assert list(divide_work(failing, ITEMS, MANY)) == ITEMS


@pytest.mark.usefixtures("alone")
def test_a_failure_here_leaves_no_child_behind(forks: list[int]) -> None:
    here = os.getpid()

    def failing(items: Sequence[int]) -> list[int]:
        if os.getpid() == here:
            raise ZeroDivisionError
        return list(items) * 10_000

    with pytest.raises(ZeroDivisionError):
        list(divide_work(failing, ITEMS, MANY))
    with pytest.raises(ChildProcessError):
        os.waitpid(forks[0], os.WNOHANG)


def test_files_are_read_alike_in_one_process_and_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [f"key: {number}\nlist:\n  - {number}\n".encode() for number in range(MANY)]
    contents[1] = contents[-1] = b"a: 1\na: 2\n"

    def told() -> list[object]:
        found = reader.read_documents(contents, iter)
        return [(each.rule, each.line) if isinstance(each, reader.FileRefused) else each for each in found]

    alone = told()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert parallel._can_fork()
    assert told() == alone
    assert alone[1] == alone[-1] == (rules.DUPLICATE_KEY, 2)
