from datetime import date

from tests.operations.world import Campaign, refused

KNOWN = ["sitting", "summary.decided", "visit"]


def moves(campaign: Campaign) -> list[tuple[str, str]]:
    return [
        (fact["old_on"], fact["new_on"])
        for fact in campaign.about("agenda", "obligation:due_set", "obligation:due_moved", unit="")
    ]


def test_sitting_that_is_set_gives_the_date_before_it(campaign: Campaign) -> None:
    assert campaign.set_event("sitting", "2023-10-20", "2023-09-01T10:00")
    assert not campaign.set_event("sitting", "2023-10-20", "2023-09-02T10:00")
    assert campaign.row("agenda", "").due_on == date(2023, 10, 10)
    assert moves(campaign) == [("", "2023-10-10")]
    assert campaign.letters("due-set") == ["office-1", "office-2"]


def test_sitting_that_moves_moves_the_date_and_leaves_both_in_the_ledger(campaign: Campaign) -> None:
    campaign.set_event("sitting", "2023-10-20", "2023-09-01T10:00")
    for at in ("2023-09-02T10:00", "2023-09-03T10:00"):
        campaign.set_event("sitting", "2023-10-27", at)
    assert campaign.row("agenda", "").due_on == date(2023, 10, 17)
    assert moves(campaign) == [("", "2023-10-10"), ("2023-10-10", "2023-10-17")]
    assert campaign.letters("due-moved") == ["office-1", "office-2"]
    (moved,) = campaign.facts("event:moved")
    assert (moved["before"], moved["at"]) == ("2023-10-20T09:00:00+08:00", "2023-10-27T09:00:00+08:00")


def test_sitting_that_moves_there_and_back_and_there_again_is_told_each_time(campaign: Campaign) -> None:
    for number, day in enumerate(("2023-10-20", "2023-10-27", "2023-10-20", "2023-10-27"), start=1):
        campaign.set_event("sitting", day, f"2023-09-0{number}T10:00")
    assert campaign.letters("due-moved") == ["office-1", "office-2"] * 3


def test_date_that_stands_gets_its_new_reason_and_no_letter(campaign: Campaign) -> None:
    # Twenty days from 9 and from 10 September both end in the long holiday, 29 September to 6 October.
    campaign.set_event("visit", "2023-09-08", "2023-09-08T10:00", "jyj")
    before = campaign.row("feedback")
    campaign.set_event("visit", "2023-09-09", "2023-09-09T10:00", "jyj")
    after = campaign.row("feedback")
    assert (before.due_on, after.due_on) == (date(2023, 9, 28), date(2023, 10, 7))
    campaign.set_event("visit", "2023-09-10", "2023-09-10T10:00", "jyj")
    again = campaign.row("feedback")
    assert (again.due_on, again.reason == after.reason, "2023-09-10" in again.reason) == (
        date(2023, 10, 7),
        False,
        True,
    )
    assert campaign.letters("due-moved") == ["jyj-handler"]


def test_event_of_a_unit_counts_for_that_unit_alone(campaign: Campaign) -> None:
    campaign.set_event("visit", "2023-09-08", "2023-09-08T10:00", "市教育局")
    assert [campaign.row("feedback", unit).due_on for unit in ("jyj", "kjj")] == [date(2023, 9, 28), None]


def test_decided_date_is_the_date(campaign: Campaign) -> None:
    campaign.set_event("summary.decided", "2023-11-15", "2023-09-08T10:00")
    assert campaign.row("summary", "kjj").due_on == date(2023, 11, 15)


def test_event_that_moves_leaves_a_settled_duty_alone(campaign: Campaign) -> None:
    campaign.set_event("sitting", "2023-10-20", "2023-09-01T10:00")
    campaign.confirm("agenda", "2023-09-02T10:00")
    campaign.set_event("sitting", "2023-10-27", "2023-09-03T10:00")
    assert (campaign.row("agenda", "").due_on, campaign.letters("due-moved")) == (date(2023, 10, 10), [])


def test_event_that_staff_may_not_set_is_refused(unchanged: Campaign) -> None:
    with refused("event.unknown", event="opinion.received", known=KNOWN):
        unchanged.set_event("opinion.received", "2023-09-08", "2023-09-08T10:00")


def test_event_of_the_body_is_refused_with_a_unit_and_that_of_a_unit_without(unchanged: Campaign) -> None:
    with refused("event.scope", event="常委会会议", scope="body"):
        unchanged.set_event("sitting", "2023-10-20", "2023-09-08T10:00", "jyj")
    with refused("event.scope", event="上门走访", scope="unit"):
        unchanged.set_event("visit", "2023-10-20", "2023-09-08T10:00")


def test_event_of_a_unit_that_is_not_appraised_is_refused(unchanged: Campaign) -> None:
    with refused("unit.not_appraised", unit="czj", campaign="2023年部门工作评议"):
        unchanged.set_event("visit", "2023-10-20", "2023-09-08T10:00", "czj")


def test_copies_are_sent_once_a_unit(campaign: Campaign) -> None:
    for at in ("2023-10-20T10:00", "2023-10-20T11:00"):
        campaign.record_result(at)
        campaign.record_result(at, "kjj")
    assert campaign.letters("copy") == ["city-committee", "city-committee"]
