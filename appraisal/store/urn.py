"""The urn (票箱): while a round is open its papers lie here sealed, and once it is closed nothing lies here at all.

Every round has a key of its own, which itself is kept sealed.  All papers of a round are padded to one length.  With
each paper that comes in the urn is shaken: others are taken out, sealed anew under new numbers, and put back with it in
a random order, so that not even a record of every byte that was ever written tells which of them came.  With the key
gone, what may be left of papers on a disk or in a backup is noise.
"""

import contextlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, Table, delete, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from appraisal.domain.digest import canonical
from appraisal.keys import ALPHABET, Keyring
from appraisal.store.ballot_tables import BallotCodeRow, RoundRow, SpentCodeRow, UrnRow
from appraisal.store.unlinking import empty_journal, lay_all_anew, lay_among, wipe_what_is_deleted

BLOCK = 256
SHAKEN = 64
"""How many papers are sealed anew with each that comes in."""
_KEY_SIZE, _NONCE_SIZE, _LENGTH_SIZE, _MARK_LENGTH = 32, 12, 4, 32
_PATIENCE_MS = 5000
_RANDOM = secrets.SystemRandom()
_URN = cast("Table", UrnRow.__table__).c
_SPENT = cast("Table", SpentCodeRow.__table__).c
_CODES = cast("Table", BallotCodeRow.__table__).c


@dataclass(frozen=True)
class SealedPaper:
    """What is in one sealed paper.

    ``mark`` is made of the code and what is marked, so that the same paper cast twice is known for one; ``receipt`` is
    what its voter was given.  Without the key of the round neither leads anywhere.
    """

    voters: str
    marks: Mapping[str, Mapping[str, tuple[str, ...]]]
    mark: str
    receipt: str


def new_key(keyring: Keyring) -> bytes:
    """A key for a round, sealed."""
    return keyring.seal(secrets.token_hex(_KEY_SIZE))


@dataclass(frozen=True)
class Urn:
    """The urn of a round that is open."""

    round_id: UUID
    _key: bytes = field(repr=False)

    @classmethod
    def of(cls, keyring: Keyring, row: RoundRow) -> "Urn":
        """The urn of an open round; KeyError where its key is destroyed."""
        if row.urn_key is None:
            raise KeyError(row.id)
        return cls(row.id, bytes.fromhex(keyring.unseal(row.urn_key)))

    def paper(self, code: str, voters: str, marks: Mapping[str, Mapping[str, tuple[str, ...]]]) -> SealedPaper:
        """The paper that is cast by this code and marked like this."""
        said = canonical([code, voters, marks])
        return SealedPaper(
            voters, marks, self._mark("mark", said).hex()[:_MARK_LENGTH], _letters(self._mark("r", said))
        )

    def holds(self, session: Session, paper: SealedPaper) -> bool:
        """Whether this very paper is in the urn."""
        return any(hmac.compare_digest(known.mark, paper.mark) for known in self.papers(session))

    def put(self, session: Session, paper: SealedPaper, size: int) -> None:
        """Put a paper in, padded to ``size``, and shake the urn; whoever calls holds the round."""
        wipe_what_is_deleted(session)
        ids = list(session.scalars(select(_URN.id).where(_URN.round_id == self.round_id)))
        moved = _URN.id.in_(_RANDOM.sample(ids, min(SHAKEN, len(ids))))
        padded = [self._unlocked(sealed) for sealed in session.scalars(select(_URN.sealed).where(moved))]
        session.execute(delete(_URN.id.table).where(moved))
        padded.append(_padded(paper, size))
        _RANDOM.shuffle(padded)
        rows = [{"id": uuid4(), "round_id": self.round_id, "sealed": self._locked(each)} for each in padded]
        session.execute(insert(_URN.id.table), rows)

    def papers(self, session: Session) -> list[SealedPaper]:
        """Every paper, unsealed, in a random order."""
        sealed = list(session.scalars(select(_URN.sealed).where(_URN.round_id == self.round_id)))
        _RANDOM.shuffle(sealed)
        return [_read(self._unlocked(each)) for each in sealed]

    def _locked(self, padded: bytes) -> bytes:
        nonce = os.urandom(_NONCE_SIZE)
        return nonce + AESGCM(self._mark("seal", "")).encrypt(nonce, padded, self.round_id.bytes)

    def _unlocked(self, sealed: bytes) -> bytes:
        nonce, rest = sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:]
        return AESGCM(self._mark("seal", "")).decrypt(nonce, rest, self.round_id.bytes)

    def _mark(self, purpose: str, said: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}/{self.round_id}/{said}".encode(), "sha256")


def spend(session: Session, round_id: UUID, code_id: UUID) -> None:
    """Note that a code has brought its ballot, among others that have."""
    row = {"round_id": round_id, "code_id": code_id}
    lay_among(session, _SPENT.code_id, _SPENT.round_id == round_id, row)


def keep_code(session: Session, row: dict[str, Any]) -> None:
    """Keep a new code, among others of its sitting."""
    lay_among(session, _CODES.id, _CODES.sitting_id == row["sitting_id"], row)


def keep_codes(session: Session, rows: Sequence[dict[str, Any]], sitting_id: UUID) -> None:
    """Keep many codes at once, and lay all of the sitting anew."""
    if rows:
        session.execute(insert(BallotCodeRow.__table__), rows)  # type: ignore[arg-type] # A mapped class has a Table.
    lay_all_anew(session, _CODES.id, _CODES.sitting_id == sitting_id)


def destroy(session: Session, row: RoundRow) -> None:
    """Empty the urn of a round, destroy its key, and lay anew what tells whose codes have voted."""
    wipe_what_is_deleted(session)
    session.execute(delete(_URN.id.table).where(_URN.round_id == row.id))
    row.urn_key = None
    lay_all_anew(session, _SPENT.code_id, _SPENT.round_id == row.id)
    lay_all_anew(session, _CODES.id, _CODES.sitting_id == row.sitting_id)


def forget_casting(engine: Engine) -> None:
    """To be done after each ballot or code: leave no journal that tells in which order they came."""
    empty_journal(engine)


def forget_round(engine: Engine) -> None:
    """To be done after a round has opened or closed: clear away what the database keeps of rows that were deleted."""
    empty_journal(engine, _PATIENCE_MS)
    if engine.dialect.name == "postgresql":
        _vacuum(engine)


def size_for(longest: Mapping[str, Mapping[str, tuple[str, ...]]], voters: Sequence[str]) -> int:
    """The length to which papers are padded: that of the longest one that can be cast."""
    longest_class = max(voters, key=lambda key: len(key.encode()), default="")
    paper = SealedPaper(longest_class, longest, "0" * _MARK_LENGTH, _letters(bytes(_KEY_SIZE)))
    return -(-len(canonical(asdict(paper)).encode()) // BLOCK) * BLOCK


def _padded(paper: SealedPaper, size: int) -> bytes:
    plain = canonical(asdict(paper)).encode()
    if len(plain) > size:
        raise ValueError("a paper that is longer than the longest one possible")
    return len(plain).to_bytes(_LENGTH_SIZE) + plain.ljust(size, b"\0")


def _read(padded: bytes) -> SealedPaper:
    length = int.from_bytes(padded[:_LENGTH_SIZE])
    content = json.loads(padded[_LENGTH_SIZE : _LENGTH_SIZE + length])
    marks = {
        unit: {subject: tuple(marked) for subject, marked in lines.items()} for unit, lines in content["marks"].items()
    }
    return SealedPaper(content["voters"], marks, content["mark"], content["receipt"])


def _vacuum(engine: Engine) -> None:
    """VACUUM FULL writes a table anew without what lay in the gaps; should somebody hold it for long, the plain one."""
    tables = [table.__tablename__ for table in (UrnRow, RoundRow, SpentCodeRow, BallotCodeRow)]
    with (
        contextlib.suppress(DBAPIError),
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text(f"SET lock_timeout = {_PATIENCE_MS}"))
        for table in tables:
            with contextlib.suppress(DBAPIError):
                connection.execute(text(f"VACUUM {table}"))
                connection.execute(text(f"VACUUM FULL {table}"))
        connection.execute(text("RESET lock_timeout"))


def _letters(mark: bytes) -> str:
    """Fifty bits, as ABCDE-FGHJK."""
    number = int.from_bytes(mark[:7]) >> 6
    found = "".join(ALPHABET[number >> shift & 31] for shift in range(45, -1, -5))
    return f"{found[:5]}-{found[5:]}"
