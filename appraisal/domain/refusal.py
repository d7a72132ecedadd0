"""How the appraisal says no: a stable code and the facts that refused; the Chinese sentence is in templates/phrases."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a crash, and is named as the field names it.
    """`str()` is for logs; people read the phrase of the code."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={fact!r}" for name, fact in self.facts.items())
        return f"{self.code} ({told})" if told else self.code
