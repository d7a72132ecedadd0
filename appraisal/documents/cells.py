"""What stands in a cell, read as what its column holds; refused with a code when it cannot be read so."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal

Value = str | int | bool | date | None

LONGEST = {"code": 64, "name": 200, "address": 2000, "text": 5000}
LAST_NUMBER = 1_000_000
_FLAGS = {"是": True, "true": True, "1": True, "√": True, "否": False, "false": False, "0": False}
_CODE = re.compile(r"[\w.-]+")
_SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)
_AS_PROGRAMS_SAY = re.compile(r"(?:[ T]0?0:00(?::00(?:\.0+)?)?|\s*[（(]星期[一二三四五六日][）)])$")
"""What follows a date as programs write it out: midnight, or the day of the week."""
_HAN = "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_GAP_IN_HAN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")


class Kind(StrEnum):
    """What a column holds."""

    CODE = "code"
    NAME = "name"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    ADDRESS = "address"
    TEXT = "text"


class Spoilt(StrEnum):
    """A cell of a workbook that holds nothing to read."""

    FORMULA = "cell.formula"
    ERROR = "cell.error"


def read_cell(kind: Kind, cell: object, epoch: datetime = WINDOWS_EPOCH) -> Value:
    """The value, or None for an empty cell."""
    if isinstance(cell, Spoilt):
        raise Refusal(cell.value)
    if cell is None or not (text := _text(cell)):
        return None
    if kind is Kind.DATE:
        return _date(cell, text, epoch)
    if isinstance(cell, date | time | timedelta):
        raise Refusal("cell.turned_to_date")
    if kind is Kind.TEXT and isinstance(cell, str):
        text = "\n".join(plain(line) for line in cell.splitlines()).strip()
    return _READ[kind](text)


def plain(text: str) -> str:
    """Without what cannot be seen, without spaces around, and without the spaces that pad a short Chinese name."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf") or letter.isspace())
    return _GAP_IN_HAN.sub("", " ".join(seen.split()))


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain(str(cell))


def _code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text)
    if not _CODE.fullmatch(code) or len(code) > LONGEST["code"]:
        raise Refusal("cell.bad_code", text=text, most=LONGEST["code"])
    return code


def _name(text: str) -> str:
    return _no_longer_than(LONGEST["name"], text)


def _address(text: str) -> str:
    return _no_longer_than(LONGEST["address"], text)


def _lines(text: str) -> str:
    return _no_longer_than(LONGEST["text"], text)


def _no_longer_than(most: int, text: str) -> str:
    if len(text) > most:
        raise Refusal("cell.too_long", length=len(text), most=most)
    return text


def _number(text: str) -> int:
    digits = unicodedata.normalize("NFKC", text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9 or int(digits) > LAST_NUMBER:
        raise Refusal("cell.bad_number", text=text, most=LAST_NUMBER)
    return int(digits)


def _flag(text: str) -> bool:
    flag = _FLAGS.get(unicodedata.normalize("NFKC", text).lower())
    if flag is None:
        raise Refusal("cell.bad_flag", text=text)
    return flag


def _date(cell: object, text: str, epoch: datetime) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _AS_PROGRAMS_SAY.sub("", text)
    if _SERIAL.fullmatch(unicodedata.normalize("NFKC", text)):
        counted = from_excel(int(text), epoch)
        return counted.date() if isinstance(counted, datetime) else parse_official_date(text, "")
    return parse_official_date(text, "")


_READ: Mapping[Kind, Callable[[str], Value]] = {
    Kind.CODE: _code,
    Kind.NAME: _name,
    Kind.ADDRESS: _address,
    Kind.TEXT: _lines,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
}
