from datetime import date

from appraisal.operations import phases
from appraisal.operations.office import Office
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase, running

KEYS = ("opinion", "rectification_plan", "rectification_report", "summary", "feedback")


def test_issuing_gives_each_unit_and_the_body_one_obligation_each(unchanged: Campaign) -> None:
    issued = unchanged.facts("obligation:issued")
    assert sorted((fact["duty"], fact["unit"]) for fact in issued) == sorted(
        [("agenda", ""), ("launch_notice", ""), *((key, unit) for key in KEYS for unit in ("jyj", "kjj"))]
    )


def test_issuing_again_issues_tells_and_records_nothing(unchanged: Campaign) -> None:
    before = (unchanged.facts("obligation:issued", "event:set"), unchanged.letters("duty-issued"))
    with unchanged.office.desk("engine", instant("2023-08-29T10:00")) as desk:
        assert phases.issue_duties(desk, unchanged.slug, "rectify") == 0
    assert (unchanged.facts("obligation:issued", "event:set"), unchanged.letters("duty-issued")) == before


def test_issuing_tells_who_owes_it_and_who_is_to_know(unchanged: Campaign) -> None:
    told = [code for code, row in unchanged.posted("duty-issued") if row.context["duty"] == "评议意见签收"]
    assert told == ["jyj-handler", "jyj-head", "kjj-handler", "kjj-head"]
    assert {row.page for code, row in unchanged.posted("duty-issued", "市教育局")} == {
        f"/duties/{unchanged.duty(key)}" for key in KEYS
    }


def test_due_date_is_counted_from_the_opening(unchanged: Campaign) -> None:
    row = unchanged.row("opinion")
    assert (row.due_on, row.due_at, row.waits_for) == (date(2023, 9, 4), instant("2023-09-05T00:00"), None)
    assert row.next_check_at == instant("2023-09-03T09:00")


def test_due_date_waits_for_its_event(unchanged: Campaign) -> None:
    rows = {key: unchanged.row(key) for key in ("rectification_plan", "summary", "feedback")}
    assert {key: (row.waits_for, row.due_on, row.next_check_at) for key, row in rows.items()} == {
        "rectification_plan": ("opinion.received", None, None),
        "summary": ("summary.decided", None, None),
        "feedback": ("visit", None, None),
    }


def test_opinion_received_sets_the_dates_of_that_unit_and_tells_them(campaign: Campaign) -> None:
    for at in ("2023-08-31T10:00", "2023-09-01T10:00"):
        campaign.acknowledge("opinion", at)
    # One month ends on 30 September, in the National Day holiday; Saturday, 7 October is a make-up workday.
    assert campaign.row("rectification_plan").due_on == date(2023, 10, 7)
    assert campaign.row("rectification_report").due_on == date(2023, 10, 31)
    assert campaign.row("rectification_plan", "kjj").due_on is None
    assert campaign.letters("due-set") == ["jyj-handler", "jyj-handler", "jyj-head", "jyj-head"]
    assert [fact["new_on"] for fact in campaign.facts("obligation:due_set")] == ["2023-10-07", "2023-10-31"]


def test_duty_issued_after_its_event_has_its_date_at_once(office: Office) -> None:
    begin(office, edition(), "late-opening", "评议", ["jyj"], instant("2023-08-28T10:00"))
    late = Campaign(office, "late-opening")
    assert late.set_event("sitting", "2023-10-20", "2023-08-29T10:00")
    open_phase(office, "late-opening", "rectify", instant("2023-09-01T10:00"))
    assert late.row("agenda", "").due_on == date(2023, 10, 10)
    assert late.letters("due-set") == []


def test_reason_of_a_due_date_is_on_the_ledger(unchanged: Campaign) -> None:
    (issued,) = unchanged.about("opinion", "obligation:issued")
    assert (issued["due_on"], issued["reason"]) == ("2023-09-04", unchanged.row("opinion").reason)


def test_twelve_units_get_their_obligations_in_two_transactions(office: Office) -> None:
    units = ("fgj", "jxj", "jyj", "kjj", "mzj", "czj", "rsj", "zrj", "jsj", "jtj", "nyj", "wjj")
    twelve = running(office, "twelve", units, STARTS)
    assert len(twelve.facts("obligation:issued")) == 2 + 5 * 12
