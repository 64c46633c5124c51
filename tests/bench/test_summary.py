"""The summary: every target once, with the figure that comes closest to missing it."""

from bench.measurement import Target
from bench.queue.figures import Question
from bench.queue.summary import Goal, goals, summarise, verdict
from tests.bench.answers import answered

RATE = Question(
    "burn-down", "jobs/s", ratios={"each peer": Target("≥", 1), "original": Target("≥", 90)}
)
LATENCY = Question("latency, p50", "ms", ratios={"each peer": Target("≤", 1)})
COUNT = Question("statements per job", "statements", target=Target("≤", 0.1))


def test_the_peers_are_one_target():
    [goal] = goals(answered(RATE, ours=300, pgqueuer=200, chancy=100)[1:])

    assert goal.text == "burn-down ÷ each peer"


def test_of_what_is_to_be_large_the_smallest_is_shown():
    assert one(answered(RATE, ours=300, pgqueuer=200, chancy=400)).cells() == [
        "burn-down ÷ each peer",
        "0.750",
        "chancy",
        "≥ 1",
        "NO",
    ]


def test_of_what_is_to_be_small_the_largest_is_shown():
    assert one(answered(LATENCY, ours=3, pgqueuer=6, chancy=4)).cells() == [
        "latency, p50 ÷ each peer",
        "0.750",
        "chancy",
        "≤ 1",
        "yes",
    ]


def test_a_target_of_our_own_is_shown_with_our_figure():
    assert one(answered(COUNT, ours=0.02)).cells() == [
        "statements per job",
        "0.0200",
        "",
        "≤ 0.1",
        "yes",
    ]


def test_questions_with_one_target_together_are_told_apart_by_their_texts():
    pages = [
        Question(name, "ms", ratios={"ours, few": Target("≤", 5)}, goal="a page of many")
        for name in ("API", "admin")
    ]
    aims = [
        line for page, took in zip(pages, (10, 20), strict=True) for line in of_page(page, took)
    ]

    assert one(aims).cells() == ["a page of many ÷ ours, few", "4.00", "admin", "≤ 5", "yes"]


def test_a_target_is_open_while_a_peer_has_no_figure():
    goal = one(answered(RATE, ours=300, pgqueuer=200, pg_boss="there is no node"))

    assert (goal.met, goal.cells()[1:]) == (None, ["1.50", "pgqueuer", "≥ 1", "?"])


def test_a_target_that_is_missed_beside_one_peer_is_missed_whatever_the_others_would_be():
    goal = one(answered(RATE, ours=100, pgqueuer=200, pg_boss="there is no node"))

    assert goal.met is False


def test_a_target_without_a_figure_of_ours_is_open_and_has_failed():
    goal = one(answered(RATE, ours="its worker died", pgqueuer=200))

    assert (goal.failed, goal.cells()[1:]) == (True, ["–", "", "≥ 1", "?"])


def test_a_target_that_lacks_one_peer_of_several_has_not_failed():
    goal = one(answered(RATE, ours=300, pgqueuer=200, pg_boss="there is no node"))

    assert not goal.failed


def test_targets_stay_in_the_order_in_which_they_were_measured():
    rates = answered(RATE, ours=300, original=2, pgqueuer=200, chancy=100)[1:]

    assert [goal.text for goal in goals([*rates, *answered(COUNT, ours=0.02)])] == [
        "burn-down ÷ original",
        "burn-down ÷ each peer",
        "statements per job",
    ]


def test_it_says_below_the_table_why_figures_are_missing(capsys):
    summarise(answered(RATE, ours=300, pg_boss="there is no node")[1:])

    assert "No figure (?) of pg-boss: there is no node" in capsys.readouterr().out


def test_the_verdict_counts_what_was_missed_and_what_is_not_known():
    missed = one(answered(COUNT, ours=0.2))
    unknown = one(answered(RATE, ours=300, pg_boss="there is no node"))

    assert verdict([missed, missed, unknown]) == (
        "2 of 3 targets were missed; of 1 a figure is missing."
    )


def test_the_verdict_is_short_where_all_is_well():
    assert verdict([one(answered(COUNT, ours=0.02))]) == "None of 1 targets was missed."


def one(answers) -> Goal:
    [goal] = goals(line for line in answers if line.target)
    return goal


def of_page(page, took):
    return answered(page, **{"ours": took, "ours, few": 5})
