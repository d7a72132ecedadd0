import pytest

from appraisal.domain.number_list import read_numbers
from appraisal.domain.refusal import Refusal


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("3", [3]),
        ("1-3、7", [1, 2, 3, 7]),
        (" 1—2，9 12；4至5 ", [1, 2, 9, 12, 4, 5]),
        ("2、1-3", [2, 1, 3]),
        ("10~11.", None),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, numbers: list[int] | None) -> None:
    if numbers is None:
        with pytest.raises(Refusal, match=r"numbers\.unreadable"):
            read_numbers(written)
    else:
        assert read_numbers(written) == numbers


@pytest.mark.parametrize(
    ("written", "code"),
    [("", "none"), ("、", "unreadable"), ("甲", "unreadable"), ("5-3", "unreadable"), ("1-2001", "too_many")],
)
def test_what_names_no_numbers_is_refused(written: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_numbers(written)
    assert refused.value.code == f"numbers.{code}"
