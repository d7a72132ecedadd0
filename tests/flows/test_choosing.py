from typing import Any

import pytest
from prefect.input import RunInput

from appraisal.operations.library import Choices
from flows.catalogue import STAFF
from flows.deployments import _flow, _schema
from flows.rectifying import KINDS
from flows.signing import SecondHandForm
from flows.waiting import ClosingForm

WAITING = "3f2a91c0 市教育局：整改报告"
OFFERED = Choices(
    ("m 办法",),
    ("c 评议",),
    ("市教育局", "市民政局"),
    ("b 测评",),
    ("满意",),
    ("sitting 会议",),
    (WAITING,),
)
UNITS = ["市教育局", "市民政局"]


def form(title: str) -> dict[str, Any]:
    (entry,) = (entry for entry in STAFF if entry.flow == title)
    return _schema(_flow(entry), OFFERED)


def test_units_are_chosen_from_drop_downs_one_by_one_and_with_their_votes() -> None:
    schema = form("确定评议对象")
    assert schema["required"] == ["campaign", "decided_on", "decided_by"]
    assert schema["properties"]["units"]["items"]["enum"] == UNITS
    assert schema["definitions"]["Votes"]["properties"]["unit"]["enum"] == UNITS


def test_campaign_may_be_started_without_units() -> None:
    schema = form("启动评议活动")
    assert schema["required"] == ["method", "name", "starts_on"]
    assert (schema["properties"]["units"]["items"]["enum"], schema["properties"]["units"]["default"]) == (UNITS, [])


@pytest.mark.parametrize("field", ["campaign", "unit", "person", "held_on", "held_by", "content"])
def test_talk_is_recorded_with_all_that_it_needs(field: str) -> None:
    schema = form("登记约谈")
    assert field in schema["required"]
    assert schema["properties"]["unit"]["enum"] == UNITS
    assert "problems" not in schema["required"]


def test_instruction_is_recorded_with_its_leader_and_perhaps_a_day() -> None:
    schema = form("登记批示")
    assert schema["required"] == ["campaign", "unit", "leader", "text"]
    assert schema["properties"]["unit"]["enum"] == UNITS


def test_problems_are_assigned_by_their_numbers() -> None:
    assert form("交办问题")["required"] == ["campaign", "numbers"]


def test_letter_that_presses_is_chosen_by_its_kind() -> None:
    schema = form("下达督办文书")
    assert schema["required"] == ["campaign", "kind", "text"]
    assert schema["properties"]["kind"]["enum"] == list(KINDS)
    assert schema["properties"]["unit"]["enum"] == ["", *UNITS]


def test_petition_is_chosen_among_those_that_wait() -> None:
    schema = form("审批延期")
    assert schema["required"] == ["campaign", "petition"]
    assert schema["properties"]["petition"]["enum"] == [WAITING]


def test_no_form_of_the_office_takes_a_code_as_a_parameter() -> None:
    asked = [name for entry in STAFF for name in _schema(_flow(entry), OFFERED)["properties"]]
    assert [name for name in asked if "code" in name] == []


@pytest.mark.parametrize("waiting", [ClosingForm, SecondHandForm])
def test_form_that_is_signed_hides_the_code(waiting: type[RunInput]) -> None:
    schema = waiting.model_json_schema()
    assert schema["properties"]["审批码"]["format"] == "password"
    assert {"决定", "审批码"} <= set(schema["required"])
