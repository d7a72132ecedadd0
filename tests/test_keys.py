import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.keys import ALPHABET, SECRET_FILE, SECRET_SET_BY, Keyring, plain_code
from appraisal.notices.wording import has_phrase

SECRET = "a-secret-of-more-than-thirty-two-characters"
UNTIL = date(2023, 10, 27)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(SECRET)


def refused_by(keyring: Keyring, token: str, today: date = UNTIL, epoch: int | None = 0) -> str:
    with pytest.raises(Refusal) as refused:
        keyring.read_link(token, today, lambda _: epoch)
    assert has_phrase(refused.value.code)
    return refused.value.code


def test_keyring_makes_its_secret_once_and_for_its_owner_alone(home: Path) -> None:
    sealed = Keyring.at(home).seal("demo:zhang")
    assert Keyring.at(home).unseal(sealed) == "demo:zhang"
    assert stat.S_IMODE((home / SECRET_FILE).stat().st_mode) == 0o600
    assert [file.name for file in home.iterdir()] == [SECRET_FILE]


def test_keyring_is_one_when_many_start_at_once(home: Path) -> None:
    with ThreadPoolExecutor(8) as starting:
        codes = set(starting.map(lambda _: Keyring.at(home).approval_code("zhang", 0), range(16)))
    assert len(codes) == 1


def test_keyring_goes_by_the_environment_before_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = Keyring(SECRET).seal("demo:zhang")
    monkeypatch.setenv(SECRET_SET_BY, SECRET)
    assert Keyring.at(home).unseal(sealed) == "demo:zhang"
    assert not home.exists()


def test_keyring_is_the_same_when_the_file_moves_into_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = Keyring.at(home).seal("demo:zhang")
    monkeypatch.setenv(SECRET_SET_BY, (home / SECRET_FILE).read_text(encoding="ascii"))
    assert Keyring.at(home / "elsewhere").unseal(sealed) == "demo:zhang"


def test_keyring_refuses_a_short_secret(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv(SECRET_SET_BY, "short-secret")
    with pytest.raises(Refusal) as refused:
        Keyring.at(home)
    assert (refused.value.code, refused.value.facts) == ("keys.weak", {"least": 32})


def test_keyring_refuses_a_file_that_is_no_text(home: Path) -> None:
    home.mkdir()
    (home / SECRET_FILE).write_bytes(b"\xff" * 64)
    with pytest.raises(Refusal) as refused:
        Keyring.at(home)
    assert refused.value.code == "keys.unreadable"


def test_keyring_shows_nothing_of_its_secret(keyring: Keyring) -> None:
    assert repr(keyring) == str(keyring) == "<Keyring>"
    with pytest.raises(TypeError):
        pickle.dumps(keyring)


def test_seal_differs_each_time(keyring: Keyring) -> None:
    assert keyring.seal("demo:zhang") != keyring.seal("demo:zhang")


def test_unseal_refuses_another_secret_without_telling_anything(keyring: Keyring) -> None:
    with pytest.raises(Refusal) as refused:
        Keyring("another-" + SECRET).unseal(keyring.seal("demo:zhang"))
    assert str(refused.value) == "keys.wrong"
    assert refused.value.__cause__ is None


def test_link_is_letters_and_digits(keyring: Keyring) -> None:
    token = keyring.link_token("zhang-1", 0, UNTIL)
    assert token.isascii()
    assert token.isalnum()


@pytest.mark.parametrize("person", ["zhang-1", "张样例", "a"])
def test_link_names_its_person_to_the_end_of_its_day(keyring: Keyring, person: str) -> None:
    token = keyring.link_token(person, 3, UNTIL)
    assert keyring.read_link(token, UNTIL, lambda _: 3) == person
    assert keyring.read_link(token.upper(), date(2023, 10, 1), lambda _: 3) == person


def test_link_is_expired_the_day_after(keyring: Keyring) -> None:
    assert refused_by(keyring, keyring.link_token("zhang", 0, UNTIL), date(2023, 10, 28)) == "link.expired"


@pytest.mark.parametrize("epoch", [1, None])
def test_link_is_revoked_by_another_epoch_or_an_inactive_person(keyring: Keyring, epoch: int | None) -> None:
    assert refused_by(keyring, keyring.link_token("zhang", 0, UNTIL), epoch=epoch) == "link.revoked"


def test_link_is_forged_when_any_letter_is_changed(keyring: Keyring) -> None:
    token = keyring.link_token("zhang", 0, UNTIL)
    # The last letter may carry padding bits alone.
    for place in range(len(token) - 1):
        other = "a" if token[place] != "a" else "b"
        assert refused_by(keyring, token[:place] + other + token[place + 1 :]) == "link.forged"


@pytest.mark.parametrize("token", ["", "a", "0189", "张样例", "a" * 500, "../../etc", "\ud800"])
def test_link_is_forged_when_it_is_nonsense(keyring: Keyring, token: str) -> None:
    assert refused_by(keyring, token) == "link.forged"


def test_link_of_another_installation_is_forged(keyring: Keyring) -> None:
    assert refused_by(Keyring("another-" + SECRET), keyring.link_token("zhang", 0, UNTIL)) == "link.forged"


def test_code_is_ten_plain_letters_of_one_person_and_epoch(keyring: Keyring) -> None:
    code = keyring.approval_code("zhang", 0)
    assert (len(code), code[5]) == (11, "-")
    assert set(plain_code(code)) <= set(ALPHABET)
    assert code == keyring.approval_code("zhang", 0)
    assert len({code, keyring.approval_code("zhang", 1), keyring.approval_code("wang", 0)}) == 3


def test_code_is_read_however_it_is_typed(keyring: Keyring) -> None:
    code = keyring.approval_code("zhang", 0)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    lookalike = code.replace("0", "O").replace("1", "l")
    for written in (code.lower(), code.replace("-", ""), " ".join(code), full_width, lookalike, f"　{code}\n"):
        assert keyring.is_approval_code(written, "zhang", 0)


@pytest.mark.parametrize("written", ["", "-", "AAAAA-AAAAA", "张样例"])
def test_code_is_not_anything_else(keyring: Keyring, written: str) -> None:
    assert not keyring.is_approval_code(written, "zhang", 0)
    assert not keyring.is_approval_code(keyring.approval_code("zhang", 0), "zhang", 1)


def test_stamp_tells_purposes_and_parts_apart(keyring: Keyring) -> None:
    stamp = keyring.stamp("form", "zhang", "1")
    assert keyring.is_stamp(stamp, "form", "zhang", 1)
    assert not keyring.is_stamp(stamp, "form", "zhang1")
    assert not keyring.is_stamp(stamp, "other", "zhang", "1")
    assert not keyring.is_stamp("\ud800", "form", "zhang", "1")
