"""Forms of printed codes, read once and used until anything happens: a thousand people may scan a code at a time."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.operations.intake import IntakeForm, form_at
from appraisal.store.record_tables import LedgerRow

MOST_FORMS = 2000
_NEWEST = select(func.max(LedgerRow.seq))


class IntakeForms:
    """The forms that one process knows.

    Whatever could change a form, from a phase that closes to a unit that is renamed, puts a fact on the ledger; while
    that has not grown, the form is as it was.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, IntakeForm]] = {}

    def at(self, session: Session, token: str) -> IntakeForm:
        """The form as it stands now; refused as ``form_at`` refuses."""
        newest = session.connection().scalar(_NEWEST) or 0
        known = self._known.get(token)
        if known is not None and known[0] == newest:
            return known[1]
        form = form_at(session, token)
        if len(self._known) >= MOST_FORMS:
            self._known.clear()
        self._known[token] = newest, form
        return form
