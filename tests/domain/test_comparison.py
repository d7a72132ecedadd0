from fractions import Fraction

from appraisal.domain.comparison import Line, Seen, compare, percent, total

PROBLEMS = [
    Seen("市教育局", by_unit=True, by_others=False),
    Seen("市教育局", by_unit=True, by_others=True),
    Seen("市教育局", by_unit=False, by_others=True),
    Seen("市科学技术局", by_unit=False, by_others=True),
    Seen("牵头单位待定", by_unit=False, by_others=False),
]


def test_problems_are_counted_by_who_found_them_for_every_unit() -> None:
    assert compare(["市教育局", "市科学技术局", "市民政局"], PROBLEMS) == [
        Line("市教育局", 1, 1, 1),
        Line("市科学技术局", 0, 1, 0),
        Line("市民政局", 0, 0, 0),
        Line("牵头单位待定", 0, 1, 0),
    ]


def test_total_adds_up_all_lines() -> None:
    assert total(compare([], PROBLEMS), "合计") == Line("合计", 1, 3, 1)


def test_shares_say_what_the_unit_found_and_what_it_missed() -> None:
    line = Line("市教育局", 1, 1, 1)
    assert (line.total, line.self_share, line.missed_share) == (3, Fraction(2, 3), Fraction(1, 2))
    nothing = Line("市民政局", 0, 0, 0)
    assert (nothing.total, nothing.self_share, nothing.missed_share) == (0, None, None)


def test_share_is_shown_in_percent_with_one_decimal_and_a_dash_for_none() -> None:
    assert [percent(share) for share in (Fraction(2, 3), Fraction(1), Fraction(0), Fraction(1, 16), None)] == [
        "66.7%",
        "100.0%",
        "0.0%",
        "6.3%",
        "—",
    ]
