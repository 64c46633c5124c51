"""The table: each figure beside ours, each target beside what it is about."""

import pytest

from bench.measurement import Target
from bench.queue.figures import Question
from bench.queue.table import Line, in_words, show, shown
from tests.bench.answers import answered, figure

RATE = Question(
    "burn-down",
    "jobs/s",
    ratios={
        "each peer": Target("≥", 1),
        "procrastinate": Target("≥", 50),
        "psycopg-100": Target("≥", 1),
    },
)
COUNT = Question("statements per job", "statements", target=Target("≤", 0.1))


def test_ours_is_divided_by_theirs():
    ours, theirs = answered(RATE, ours=300, pgqueuer=200)

    assert (ours.ratio, theirs.ratio) == (None, 1.5)


def test_the_median_of_the_rounds_is_what_counts():
    line = Line(figure(COUNT, "ours", 0.3, 0.05, 0.06), None)

    assert (line.value, line.met) == (0.06, True)


def test_a_target_of_our_own_is_about_our_figure():
    [line] = answered(COUNT, ours=0.2)

    assert (line.goal, line.value, line.met) == ("statements per job", 0.2, False)


def test_a_peer_has_the_target_of_each_peer():
    _, line = answered(RATE, ours=300, pgqueuer=200)

    assert (line.goal, line.met) == ("burn-down ÷ each peer", True)


def test_a_peer_that_is_named_has_a_target_of_its_own():
    _, line = answered(RATE, ours=300, procrastinate=200)

    assert (line.goal, line.met) == ("burn-down ÷ procrastinate", False)


def test_a_bound_has_a_target_only_if_it_is_named():
    _, named, not_named = answered(RATE, ours=300, psycopg_100=200, pgbench_100=400)

    assert (named.target, not_named.target) == (Target("≥", 1), None)


@pytest.mark.parametrize(
    "values",
    [{"ours": "it failed", "pgqueuer": 200}, {"ours": 300, "pgqueuer": "there is no pip"}],
)
def test_without_one_of_the_two_a_target_is_neither_met_nor_missed(values):
    _, line = answered(RATE, **values)

    assert (line.target, line.value, line.met) == (Target("≥", 1), None, None)


def test_where_ours_was_not_measured_nothing_is_aimed_at():
    [line] = answered(RATE, pgqueuer=200)

    assert (line.target, line.met) == (None, None)


def test_what_is_missing_is_named_once_below_the_table(capsys):
    other = Question("burn-down, 2 workers", "jobs/s")
    figures = [figure(question, "pg-boss", reason="there is no node") for question in (RATE, other)]

    show("burn-down", figures)

    assert capsys.readouterr().out.count("pg-boss: there is no node") == 1


def test_it_returns_the_lines_that_have_a_target(capsys):
    figures = [figure(RATE, "ours", 300), figure(RATE, "pgqueuer", 200), figure(RATE, "listen", 1)]

    assert [line.figure.who for line in show("burn-down", figures)] == ["pgqueuer"]


def test_it_returns_them_in_the_order_of_the_targets(capsys):
    figures = [figure(RATE, who, 2) for who in ("ours", "psycopg-100", "procrastinate", "chancy")]

    assert [line.figure.who for line in show("burn-down", figures)] == [
        "chancy",
        "procrastinate",
        "psycopg-100",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.00407, "0.00407"),
        (0.5, "0.500"),
        (23.456, "23.5"),
        (12345.6, "12,346"),
        (-2.5, "-2.50"),
    ],
)
def test_a_figure_is_shown_with_three_digits_that_say_something(value, text):
    assert shown(value) == text


def test_a_target_is_shown_as_it_is_compared():
    assert (in_words(Target("≥", 0.95)), in_words(None)) == ("≥ 0.95", "")
