"""``kill -9`` while 200 phones vote: no paper is lost, none counts twice, and every voter is told what is so."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Semaphore
from urllib.parse import urlencode

import pytest

from appraisal.operations.office import Office
from appraisal.operations.rounds import Given
from appraisal.operations.turnouts import Issued
from appraisal.operations.voting import door
from appraisal.store.ballot_tables import RoundRow
from tests.operations.ballot_world import Hall, hall, whole
from tests.operations.voting_server import Portal, portal_of

pytestmark = pytest.mark.slow
SLUGS = count(1)
PHONES, KILLS, BETWEEN = 200, 3, 40
IMPATIENT = 20
"""So many voters do not try again once the line breaks."""
MOST_TRIES = 60
OPTIONS = ("satisfied", "basic", "dissatisfied")
RECEIPT = re.compile(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>")


@pytest.fixture
def here(office: Office) -> Hall:
    found = hall(office, f"kills-{next(SLUGS)}")
    found.phones(member=3)
    return found


def mark_of(number: int) -> str:
    return OPTIONS[number % len(OPTIONS)]


def paper_of(number: int) -> dict[str, dict[str, tuple[str, ...]]]:
    return whole(jyj=mark_of(number), kjj=mark_of(number))


def form_of(code: str) -> str:
    """The number of the form, which stays the same when it is sent again."""
    return f"form-{code}"


def post(port: int, row: RoundRow, code: str, mark: str) -> str:
    """What the page answers: a receipt, or why there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    form = urlencode({"step": "cast", "form": form_of(code), "mark/jyj/": mark, "mark/kjj/": mark})
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/v/{code}/{row.id}", form, headers)
        answered = connection.getresponse().read().decode()
    finally:
        connection.close()
    found = RECEIPT.search(answered)
    return found[1] if found else answered


def phone(portal: Portal, row: RoundRow, place: tuple[int, str], told: Semaphore) -> str:
    """The receipt in the end; empty for who gives up when the line breaks."""
    number, code = place
    for _ in range(MOST_TRIES):
        try:
            receipt = post(portal.port, row, code, mark_of(number))
        except (HTTPException, OSError):
            if number < IMPATIENT:
                return ""
            continue
        told.release()
        return receipt
    return ""


def is_in(here: Hall, code: str) -> bool:
    with here.office.store.reading() as session:
        [found] = door(session, here.office.keyring, code).rounds
        return found.already_in


def test_portal_killed_while_phones_vote_loses_no_paper_and_counts_none_twice(
    here: Hall, move_clock: Callable[[str], datetime]
) -> None:
    move_clock("2023-09-28T10:00+08:00")
    codes = here.codes("member", PHONES)
    row = here.open(given=Given({("sitting", "member"): Issued(PHONES)}))
    told = Semaphore(0)
    with portal_of(here.office) as portal, ThreadPoolExecutor(PHONES) as hands:
        sent = [hands.submit(phone, portal, row, place, told) for place in enumerate(codes)]
        for _ in range(KILLS):
            for _ in range(BETWEEN):
                assert told.acquire(timeout=60)
            portal.kill()
            portal.start()
        receipts = [each.result() for each in sent]
    assert [receipt for receipt in receipts[IMPATIENT:] if not re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", receipt)] == []
    voted = [is_in(here, code) for code in codes]
    assert [number for number, receipt in enumerate(receipts) if receipt and not voted[number]] == []
    again = [
        here.cast(row, code, paper_of(number), form=form_of(code)) if voted[number] else ""
        for number, code in enumerate(codes)
    ]
    assert [(old, new) for old, new in zip(receipts, again, strict=True) if old and old != new] == []
    closed = here.close_round(row)
    assert (closed.receipts, here.kept(row)[:2]) == (sorted(filter(None, again)), (0, sum(voted)))
    expected = {mark: sum(voted[number] and mark_of(number) == mark for number in range(PHONES)) for mark in OPTIONS}
    assert [(each.issued, each.returned, each.counts) for each in here.results()] == [
        (PHONES, sum(voted), expected),
        (PHONES, sum(voted), expected),
    ]
