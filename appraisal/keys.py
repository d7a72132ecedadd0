"""The one secret of an installation, and what is derived from it: sealed contacts, links, codes, stamps.

Nothing here is stored but the secret itself: a link or a code is made anew from it whenever it is needed, and is
revoked by raising the person's epoch.
"""

import base64
import binascii
import hmac
import os
import secrets
import struct
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NoReturn, Self

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appraisal.domain.digest import canonical
from appraisal.domain.refusal import Refusal

SECRET_SET_BY = "PINGYI_SECRET_KEY"
SECRET_FILE = "secret.key"
SHORTEST_SECRET = 32
CODE_LENGTH = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("OIL", "011")
_MARK_SIZE = 16
_TERMS = struct.Struct(">II")


class Keyring:
    """Everything that takes the secret goes through here; the secret itself never comes out."""

    def __init__(self, secret: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise Refusal("keys.weak", least=SHORTEST_SECRET)
        self._secret = secret.encode()
        self._keys: dict[str, bytes] = {}
        self._fernet = Fernet(base64.urlsafe_b64encode(self._key("seal")))

    @classmethod
    def at(cls, home: Path) -> Self:
        """The keyring of a data folder; the first to ask makes its secret."""
        return cls(os.environ.get(SECRET_SET_BY, "").strip() or _secret_in(home / SECRET_FILE))

    def __repr__(self) -> str:
        return "<Keyring>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring is not pickled: it holds the secret")

    def seal(self, text: str) -> bytes:
        """Encrypt; the same text gives other bytes each time."""
        return self._fernet.encrypt(text.encode())

    def unseal(self, sealed: bytes) -> str:
        """The text that was sealed; refused (``keys.wrong``) when it was sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise Refusal("keys.wrong") from None

    def link_token(self, person_code: str, epoch: int, until: date) -> str:
        """A personal link, good to the end of ``until``; letters and digits alone, so that no phone cuts it short."""
        terms = _TERMS.pack(until.toordinal(), epoch) + person_code.encode()
        return base64.b32encode(self._mark(terms) + terms).decode().rstrip("=").lower()

    def read_link(self, token: str, today: date, epoch_of: Callable[[str], int | None]) -> str:
        """The person's code; ``epoch_of`` gives None for whoever may not come in at all."""
        terms = self._terms(token)
        until, epoch = _TERMS.unpack_from(terms)
        person_code = terms[_TERMS.size :].decode()
        if today.toordinal() > until:
            raise Refusal("link.expired", until=date.fromordinal(until))
        if epoch_of(person_code) != epoch:
            raise Refusal("link.revoked")
        return person_code

    def approval_code(self, person_code: str, epoch: int) -> str:
        """Fifty bits that only this person was handed, as ABCDE-FGHJK."""
        return _spelled(self._hmac("code", person_code, epoch))

    def code(self, purpose: str, *parts: object) -> str:
        """Fifty bits that only this installation can make, for something to be handed out on paper."""
        return _spelled(self._hmac(f"stamp/{purpose}", *parts))

    def is_approval_code(self, written: str, person_code: str, epoch: int) -> bool:
        """Whether what somebody typed is this person's code, in constant time."""
        return hmac.compare_digest(plain_code(written), plain_code(self.approval_code(person_code, epoch)))

    def stamp(self, purpose: str, *parts: object) -> str:
        """A mark that only this installation can make, for forms and the like; the parts are told apart."""
        return self._hmac(f"stamp/{purpose}", *parts).hex()

    def is_stamp(self, written: str, purpose: str, *parts: object) -> bool:
        """Whether ``written`` is the stamp of these parts, in constant time."""
        return hmac.compare_digest(written.encode(errors="replace"), self.stamp(purpose, *parts).encode())

    def _terms(self, token: str) -> bytes:
        """What a link says, once its mark is found to be ours."""
        try:
            read = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except (binascii.Error, ValueError):
            raise Refusal("link.forged") from None
        mark, terms = read[:_MARK_SIZE], read[_MARK_SIZE:]
        if not hmac.compare_digest(mark, self._mark(terms)):
            raise Refusal("link.forged")
        return terms

    def _mark(self, terms: bytes) -> bytes:
        return hmac.digest(self._key("link"), terms, "sha256")[:_MARK_SIZE]

    def _hmac(self, purpose: str, *parts: object) -> bytes:
        return hmac.digest(self._key(purpose), canonical([str(part) for part in parts]).encode(), "sha256")

    def _key(self, purpose: str) -> bytes:
        """One key a purpose, derived once; purposes are written in the code and are few."""
        if purpose not in self._keys:
            self._keys[purpose] = HKDF(SHA256(), 32, salt=None, info=f"pingyi/{purpose}".encode()).derive(self._secret)
        return self._keys[purpose]


def plain_code(written: str) -> str:
    """A code as it is compared: full-width, small and look-alike characters made plain, all else left out."""
    letters = unicodedata.normalize("NFKC", written).upper().translate(_READ_AS)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def _spelled(digest: bytes) -> str:
    """The first fifty bits, as ABCDE-FGHJK."""
    number = int.from_bytes(digest[:8]) >> 14
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (CODE_LENGTH - 1), -1, -5))
    return f"{letters[:5]}-{letters[5:]}"


def _secret_in(file: Path) -> str:
    try:
        if not file.exists():
            _make_secret(file)
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal("keys.unreadable", file=file.name, why=type(error).__name__) from None


def _make_secret(file: Path) -> None:
    """Link a finished draft (0600) into place: of two processes that start at once, one makes the secret."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", encoding="ascii") as draft:
        draft.write(secrets.token_urlsafe(32) + "\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            Path(draft.name).chmod(0o600)
            file.hardlink_to(draft.name)
        except FileExistsError:
            return
