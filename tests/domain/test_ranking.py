from appraisal.domain.ranking import Ranked, ranked


def test_equal_counts_share_a_rank_and_the_next_one_is_passed_over() -> None:
    counts = [("科经局", 7), ("人社局", 9), ("教育局", 11), ("卫健局", 15), ("民政局", 7), ("残联", 5)]
    assert ranked(counts) == [
        Ranked("卫健局", 15, 1, tied=False),
        Ranked("教育局", 11, 2, tied=False),
        Ranked("人社局", 9, 3, tied=False),
        Ranked("科经局", 7, 4, tied=True),
        Ranked("民政局", 7, 4, tied=True),
        Ranked("残联", 5, 6, tied=False),
    ]


def test_within_a_rank_the_order_is_that_of_the_register() -> None:
    assert [each.key for each in ranked([("b", 0), ("a", 0), ("c", 0)])] == ["b", "a", "c"]
    assert ranked([]) == []
