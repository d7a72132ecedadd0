"""`pingyi up`: everything an office needs, started and kept running by one command."""

from rich.console import Console

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.settings import Settings
from pingyi import embedded
from pingyi.children import Say
from pingyi.watch import watch

STOPPED = 0
REFUSED = 1
ALREADY_RUNNING = 3


def up(settings: Settings) -> int:
    """The exit status of the command."""
    say = speaker(Console())
    try:
        watch(
            settings.home,
            embedded.children(settings),
            embedded.listeners(settings),
            embedded.addresses(settings),
            say,
        )
    except Refusal as refusal:
        say(refusal.code, **refusal.facts)
        return ALREADY_RUNNING if refusal.code == "up.already_running" else REFUSED
    return STOPPED


def speaker(console: Console) -> Say:
    def say(code: str, /, **facts: object) -> None:
        console.print(phrase(code, **facts), markup=False, highlight=False, soft_wrap=True)

    return say
