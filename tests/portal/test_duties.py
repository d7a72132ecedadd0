from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from appraisal.operations.duties import By, accept
from appraisal.store.campaign_tables import AttachmentRow, ObligationRow, SubmissionRow
from appraisal.store.record_tables import LedgerRow, OutboxRow
from appraisal.store.register_tables import PersonRow
from tests.portal.papers import PDF
from tests.portal.world import World

Move = Callable[[str], datetime]


def status(world: World, key: str) -> str:
    with world.office.store.reading() as session:
        return session.get_one(ObligationRow, world.duty(key)).status


def facts(world: World, action: str) -> int:
    with world.office.store.reading() as session:
        return session.scalar(select(func.count()).select_from(LedgerRow).where(LedgerRow.action == action)) or 0


def received(world: World) -> None:
    page = f"/duties/{world.duty('opinion')}"
    assert world.visitor("jyj-handler").send(page, f"{page}/acknowledgement").status_code == 200


def handed_in(world: World, text: str = "已整改", who: str = "jyj-handler") -> str:
    page = f"/duties/{world.duty('rectification_report')}"
    answer = world.visitor(who).send(page, f"{page}/submission", {"text": text}, [("报告.pdf", PDF)])
    assert (answer.status_code, "已提交，时间已记录在案" in answer.text) == (200, True)
    return page


def test_signing_fulfils_the_duty_and_starts_the_clock_once(world: World, move_clock: Move) -> None:
    handler, page = world.visitor("jyj-handler"), f"/duties/{world.duty('opinion')}"
    move_clock("2023-08-31T10:00+08:00")
    handler = world.visitor("jyj-handler")
    for _ in range(2):
        answer = handler.send(page, f"{page}/acknowledgement")
        assert "已签收，时间已记录在案" in answer.text
    assert (status(world, "opinion"), facts(world, "obligation:fulfilled")) == ("settled", 1)
    plan = handler.get(f"/duties/{world.duty('rectification_plan')}").text
    assert "2023年10月7日（星期六）24:00" in plan
    assert "2023年9月30日（星期六）是休息日（国庆节），顺延至2023年10月7日（星期六）" in plan


def test_paper_handed_in_twice_is_one_submission_and_leaves_no_file_behind(world: World) -> None:
    handed_in(world)
    handed_in(world)
    with world.office.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(SubmissionRow)) == 1
        kept = set(session.scalars(select(AttachmentRow.stored_as)))
    assert {file.name for file in world.office.uploads.iterdir()} == kept
    assert status(world, "rectification_report") == "submitted"


def test_submission_without_its_attachment_keeps_what_was_typed(world: World) -> None:
    page = f"/duties/{world.duty('rectification_report')}"
    answer = world.visitor("jyj-handler").send(page, f"{page}/submission", {"text": "整改<情况>"})
    assert answer.status_code == 409
    assert "办法要求附上材料" in answer.text
    assert "整改&lt;情况&gt;</textarea>" in answer.text
    assert status(world, "rectification_report") == "issued"


def test_submission_with_a_file_that_is_not_what_it_says_is_refused_and_nothing_kept(world: World) -> None:
    page = f"/duties/{world.duty('rectification_report')}"
    files = [("报告.pdf", PDF), ("图.png", PDF), ("宏.exe", b"MZ")]
    answer = world.visitor("jyj-handler").send(page, f"{page}/submission", {"text": "材料"}, files)
    assert answer.status_code == 409
    assert "“图.png”没有收下" in answer.text
    assert "“宏.exe”没有收下" in answer.text
    assert ">材料</textarea>" in answer.text
    assert not world.office.uploads.exists()


def test_eleventh_file_is_refused(world: World) -> None:
    page = f"/duties/{world.duty('rectification_report')}"
    files = [(f"{number}.pdf", PDF + bytes([number])) for number in range(11)]
    answer = world.visitor("jyj-handler").send(page, f"{page}/submission", {"text": "材料"}, files)
    assert (answer.status_code, "附件共11个，超过上限10个" in answer.text) == (409, True)


def test_acceptance_settles_and_a_second_one_does_nothing(world: World) -> None:
    page = handed_in(world)
    for office in ("office-1", "office-2"):
        answer = world.visitor(office).send(page, f"{page}/verdict", {"verdict": "accept", "seen": "1"})
        assert answer.status_code == 200
    assert (status(world, "rectification_report"), facts(world, "obligation:accepted")) == ("settled", 1)


def test_return_needs_a_reason_and_opens_the_next_round(world: World) -> None:
    page = handed_in(world)
    office = world.visitor("office-1")
    refused = office.send(page, f"{page}/verdict", {"verdict": "return", "remarks": " "})
    assert (refused.status_code, "退回必须写明理由" in refused.text) == (409, True)
    assert office.send(page, f"{page}/verdict", {"verdict": "return", "remarks": "缺少佐证"}).status_code == 200
    shown = world.visitor("jyj-handler").get(page).text
    assert "已退回，请补正后重新提交" in shown
    assert "缺少佐证" in shown
    handed_in(world, "已补充佐证")
    assert "第 2 次提交" in office.get(page).text


def test_verdict_on_a_round_that_was_not_read_is_refused(world: World) -> None:
    page = handed_in(world)
    answer = world.visitor("office-1").send(page, f"{page}/verdict", {"verdict": "accept", "seen": "0"})
    assert (answer.status_code, status(world, "rectification_report")) == (409, "submitted")


def test_paper_entered_by_the_office_is_judged_by_somebody_else(world: World) -> None:
    duty = world.duty("rectification_report")
    office = world.visitor("office-1")
    files = [("报告.pdf", PDF)]
    answer = office.send(f"/offline/{duty}", f"/offline/{duty}/submission", {"text": "纸质送达"}, files)
    assert (answer.status_code, status(world, "rectification_report")) == (200, "submitted")
    assert "须由另一位验收人验收" in answer.text
    page = f"/duties/{duty}"
    assert office.send(page, f"{page}/verdict", {"verdict": "accept", "seen": "1"}).status_code == 409
    assert world.visitor("office-2").send(page, f"{page}/verdict", {"verdict": "accept"}).status_code == 200


def test_offline_acknowledgement_is_entered_once(world: World) -> None:
    duty = world.duty("opinion")
    office = world.visitor("office-1")
    for _ in range(2):
        assert "已签收" in office.send(f"/offline/{duty}", f"/offline/{duty}/submission").text
    assert (status(world, "opinion"), facts(world, "obligation:fulfilled")) == ("settled", 1)


def test_offline_page_is_for_the_office_alone(world: World) -> None:
    assert world.visitor("jyj-head").get(f"/offline/{world.duty('opinion')}").status_code == 403


def test_confirmation_of_the_body_is_reported_once(world: World) -> None:
    page = f"/duties/{world.duty('launch_notice', '')}"
    for _ in range(2):
        office = world.visitor("office-1")
        assert office.send(page, f"{page}/confirmation", {"remarks": "已印发"}).status_code == 200
    assert facts(world, "obligation:fulfilled") == 1


def test_duty_is_shown_to_those_it_concerns_and_to_nobody_else(world: World) -> None:
    page = f"/duties/{world.duty('rectification_plan')}"
    seen = {who: world.visitor(who).get(page).status_code for who in WHO}
    assert seen == WHO


WHO = {
    "jyj-handler": 200,
    "jyj-head": 200,
    "leader-3": 200,
    "director": 200,
    "office-2": 200,
    "kjj-handler": 403,
    "leader-1": 403,
    "four-teams": 403,
}


def test_head_reads_but_does_not_hand_in(world: World) -> None:
    page = f"/duties/{world.duty('rectification_plan')}"
    head = world.visitor("jyj-head")
    assert "<textarea" not in head.get(page).text
    answer = head.send(page, f"{page}/submission", {"text": "代交"})
    assert (answer.status_code, "不由您办理" in answer.text) == (403, True)


def test_file_is_saved_under_its_name_and_never_shown_inside_the_site(world: World) -> None:
    page = handed_in(world)
    with world.office.store.reading() as session:
        file = session.scalars(select(AttachmentRow.id)).one()
    answer = world.visitor("office-1").get(f"{page}/files/{file}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert world.visitor("kjj-handler").get(f"{page}/files/{file}").status_code == 403
    other = f"/duties/{world.duty('rectification_plan')}"
    assert world.visitor("jyj-handler").get(f"{other}/files/{file}").status_code == 404


def test_file_that_was_changed_on_disk_is_not_given_out(world: World) -> None:
    page = handed_in(world)
    with world.office.store.reading() as session:
        file = session.scalars(select(AttachmentRow)).one()
    (world.office.uploads / file.stored_as).write_bytes(b"%PDF-other")
    answer = world.visitor("office-1").get(f"{page}/files/{file.id}")
    assert (answer.status_code, "与提交时不一致" in answer.text) == (500, True)


def test_desk_lists_what_is_owed_by_light(world: World, move_clock: Move) -> None:
    move_clock("2023-08-29T00:30+08:00")
    assert "临近到期（七日内）" in world.visitor("jyj-handler").get("/").text
    move_clock("2023-09-04T23:59+08:00")
    assert "今日到期" in world.visitor("jyj-handler").get("/").text
    move_clock("2023-09-05T00:00+08:00")
    shown = world.visitor("jyj-handler").get("/").text
    assert "已逾期" in shown
    assert "市科学技术局" not in shown


def test_desk_of_the_acceptor_lists_what_was_handed_in(world: World) -> None:
    handed_in(world)
    assert "等待我验收" in world.visitor("office-1").get("/").text
    unit = world.visitor("jyj-handler").get("/").text
    assert "已提交，等待验收" in unit
    with world.office.desk("person:office-1", datetime.fromisoformat("2023-08-28T12:00+08:00")) as desk:
        person = desk.session.scalars(select(PersonRow).where(PersonRow.code == "office-1")).one()
        accept(desk, world.duty("rectification_report"), By(person))
    assert "等待我验收" not in world.visitor("office-1").get("/").text


def test_reading_the_page_marks_its_messages_as_read_once(world: World, move_clock: Move) -> None:
    page = f"/duties/{world.duty('opinion')}"
    with world.office.store.work("engine") as work:
        rows = work.session.scalars(select(OutboxRow).where(OutboxRow.page == page)).all()
        for row in rows:
            row.status = "sent"
    world.visitor("jyj-handler").get(page)
    move_clock("2023-08-28T15:00+08:00")
    world.visitor("jyj-handler").get(page)
    with world.office.store.reading() as session:
        sent = session.scalars(select(OutboxRow).where(OutboxRow.page == page)).all()
        read = {row.person.code: row.read_at for row in sent if row.person}
    assert read == {"jyj-handler": datetime.fromisoformat("2023-08-28T10:00+08:00")}


def test_signing_reads_like_nothing_when_the_duty_is_unknown(world: World) -> None:
    handler = world.visitor("jyj-handler")
    for page in ("/duties/00000000-0000-0000-0000-000000000000", "/duties/1", "/nowhere"):
        assert handler.get(page).status_code == 404


def test_received_opinion_moves_the_other_duties(world: World) -> None:
    received(world)
    assert "等待起算" not in world.visitor("jyj-handler").get("/").text
