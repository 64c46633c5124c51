import logging
import os

import pytest

from jobs.worker.tail import LINES, LONGEST_LINE, Tail


@pytest.fixture
def tail():
    return Tail()


@pytest.fixture
def log(tail):
    logger = logging.Logger("test")
    logger.addHandler(tail)
    return logger


def test_the_last_lines_are_kept(tail, log):
    for number in range(LINES + 5):
        log.info("line %s", number)

    assert len(tail.read()) == LINES
    assert tail.read()[-1] == f"INFO line {LINES + 4}"


def test_what_a_killed_process_logged_is_there(tail, log):
    child = os.fork()
    if child == 0:
        log.warning("the last word")
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)

    assert tail.read() == ("WARNING the last word",)


def test_a_new_attempt_begins_without_lines(tail, log):
    log.info("of the attempt before")

    tail.clear()

    assert tail.read() == ()


@pytest.mark.parametrize("character", ["x", "é", "\U0001f525", "\ud800"])
def test_long_lines_are_cut_and_fit_whatever_they_are_made_of(tail, log, character):
    for _ in range(LINES):
        log.info(character * 10_000)

    assert len(tail.read()) == LINES
    assert all(len(line) <= LONGEST_LINE for line in tail.read())


def test_a_line_of_several_lines_is_one(tail, log):
    log.info("one\ntwo")

    assert tail.read() == ("INFO one two",)


class Unprintable:
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize("arguments", [("one", "two"), (Unprintable(),), ()])
def test_a_wrong_call_is_no_failure_of_whoever_logs(tail, log, arguments):
    log.info("%s and %s" if not arguments else "%s", *arguments or ["one"])

    assert tail.read() == ()


def test_what_the_child_says_of_a_failure_is_not_repeated_in_it(tail):
    logger = logging.Logger("jobs.child")
    logger.addHandler(tail)

    logger.error("Job 1 (task) failed: ValueError: no")

    assert tail.read() == ()
