from appraisal.operations.answering import Answer, answer_closing
from tests.operations.test_closings import ready, rounds
from tests.operations.world import Campaign, instant


def code(campaign: Campaign, who: str = "director") -> str:
    person = campaign.person(who)
    return campaign.office.keyring.approval_code(person.code, person.code_epoch)


def answer(campaign: Campaign, secret: str, *, agreed: bool = True, round_number: int = 1) -> str:
    filled_in = Answer(round_number, agreed, secret, " 阅 ")
    return answer_closing(campaign.office, campaign.slug, "prepare", filled_in, instant("2023-08-30T10:00"))


def test_right_code_decides_once(campaign: Campaign) -> None:
    ready(campaign)
    campaign.ask("prepare", "2023-08-29T12:00")
    assert answer(campaign, code(campaign)) == ""
    told = answer(campaign, code(campaign), agreed=False)
    assert told.startswith("“宣传发动”的关闭已由试用丙于2023年8月30日（星期三）10:00在 Prefect 页面上同意")
    assert rounds(campaign) == [(1, "granted")]
    (granted,) = campaign.facts("approval:granted")
    assert (granted["by"], granted["via"], granted["remarks"]) == ("director", "engine", "阅")


def test_wrong_code_ends_its_round_and_says_why(campaign: Campaign) -> None:
    ready(campaign)
    assert "审批码不正确" in answer(campaign, "AAAAA-AAAAA")
    assert rounds(campaign) == [(1, "void")]
    campaign.ask("prepare", "2023-08-30T11:00")
    assert answer(campaign, code(campaign), round_number=2) == ""
    assert rounds(campaign) == [(1, "void"), (2, "granted")]


def test_code_of_somebody_else_is_wrong(campaign: Campaign) -> None:
    ready(campaign)
    assert "审批码不正确" in answer(campaign, code(campaign, "office-1"))
    assert rounds(campaign) == [(1, "void")]


def test_missing_code_ends_its_round_and_only_its_own(campaign: Campaign) -> None:
    ready(campaign)
    for _ in range(2):
        assert answer(campaign, " ") == "没有填写审批码，本次提交没有生效；请填写通知中发给您本人的审批码"
    campaign.ask("prepare", "2023-08-30T11:00")
    answer(campaign, "")
    assert rounds(campaign) == [(1, "void"), (2, "pending")]


def test_agreement_while_the_gate_is_unmet_does_not_count(campaign: Campaign) -> None:
    campaign.ask("prepare", "2023-08-28T11:00")
    assert answer(campaign, code(campaign)).startswith("“宣传发动”阶段不能关闭，还有1项未完成：（1）印发评议通知待签收")
    assert rounds(campaign) == [(1, "void")]


def test_answer_never_shows_its_code() -> None:
    assert "ABCDE" not in repr(Answer(1, agreed=True, code="ABCDE-FGHJK", remarks="阅"))
