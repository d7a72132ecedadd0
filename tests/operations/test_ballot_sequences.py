"""Whatever is done to a round in whatever order, no paper is lost or doubled: issued = returned + not returned."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.operations.office import Office
from appraisal.operations.rounds import Given
from appraisal.operations.turnouts import Issued, turnout_of
from appraisal.store.ballot_tables import RoundRow
from tests.operations.ballot_world import Hall, hall, whole
from tests.operations.world import refused

SLUGS = count(1)
OPTIONS = ("satisfied", "basic", "dissatisfied")
VOTERS = st.integers(0, 5)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("open")),
        st.tuples(st.just("cast"), VOTERS, st.sampled_from(OPTIONS)),
        st.tuples(st.just("issue"), st.integers(3, 8)),
        st.tuples(st.just("close")),
        st.tuples(st.just("void")),
    ),
    max_size=25,
)


class Model:
    """What the round ought to be: who has cast what in it, and how many codes were handed out."""

    def __init__(self, here: Hall) -> None:
        self.here = here
        self.codes = here.codes("member", 6)
        self.row: RoundRow | None = None
        self.cast: dict[int, tuple[str, str]] = {}
        self.issued = 0
        self.counted = False

    def do(self, deed: str, *about: object) -> None:
        if deed != "open" and self.row is None:
            return
        deeds: dict[str, Callable[..., None]] = {
            "open": self._open,
            "cast": self._cast,
            "issue": self._issue,
            "close": self._close,
            "void": self._void,
        }
        deeds[deed](*about)

    def _open(self) -> None:
        if self.row is None and not self.counted:
            self.row = self.here.open(given=Given({("sitting", "member"): Issued(3)}, aware=True))
            self.cast, self.issued = {}, 3

    def _cast(self, voter: int, mark: str) -> None:
        assert self.row is not None
        if voter in self.cast and self.cast[voter][0] != mark:
            with refused("ballot.spent", ballot="满意度测评"):
                self.here.cast(self.row, self.codes[voter], whole(jyj=mark))
            return
        receipt = self.here.cast(self.row, self.codes[voter], whole(jyj=mark))
        assert self.cast.setdefault(voter, (mark, receipt)) == (mark, receipt)

    def _issue(self, phones: int) -> None:
        assert self.row is not None
        if phones >= self.issued:
            self.here.issue(self.row, "member", phones, 0)
            self.issued = phones

    def _close(self) -> None:
        assert self.row is not None
        self.finish(self.row)
        self.row = None

    def _void(self) -> None:
        assert self.row is not None
        self.here.void(self.row)
        assert self.here.kept(self.row)[::2] == (0, 0)
        self.row = None

    def finish(self, row: RoundRow) -> None:
        closed = self.here.close_round(row)
        (member, *_) = turnout_of(closed)
        too_many = len(self.cast) > self.issued
        assert (closed.status, member.issued, member.returned) == (
            "void" if too_many else "closed",
            self.issued,
            len(self.cast),
        )
        assert closed.receipts == sorted(receipt for _, receipt in self.cast.values())
        assert self.here.kept(row)[:2] == (0, len(self.cast))
        self.counted = not too_many
        for result in self.here.results() if self.counted else ():
            marks = {mark: sum(cast == mark for cast, _ in self.cast.values()) for mark in OPTIONS}
            assert (result.issued, result.returned) == (self.issued, len(self.cast))
            assert result.valid + result.detail["invalid"] + result.detail["abstained"] == result.returned
            if result.unit.code == "jyj":
                assert result.counts == marks


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_no_sequence_of_deeds_loses_or_doubles_a_paper(office: Office, deeds: list[tuple[object, ...]]) -> None:
    here = hall(office, f"sequence-{next(SLUGS)}")
    here.phones(member=3)
    model = Model(here)
    for deed, *about in deeds:
        model.do(str(deed), *about)
    if model.row is not None:
        model.finish(model.row)
