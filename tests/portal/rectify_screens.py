"""The pages of rectification, as more rows of the table of all pages: name, visitor and path."""

from uuid import UUID

from appraisal.operations.office import Office
from tests.portal.rich_rectify import LEADER, RECTIFY, last_letter, owed, problem

R = f"/campaigns/{RECTIFY}"
RECTIFY_SCREENS = (
    ("rectify-campaign", "office-1", R),
    ("rectify-campaign-unit", "jyj-handler", R),
    ("rectify-stalled", "office-1", f"{R}/stalled"),
    ("rectify-stalled-unit", "kjj-handler", f"{R}/stalled"),
    ("rectify-forecast", "office-1", f"{R}/forecast"),
    ("rectify-problems", "office-1", f"{R}/problems"),
    ("rectify-problems-above", "office-1", f"{R}/problems?status=reported_up"),
    ("rectify-problems-unit", "jyj-handler", f"{R}/problems"),
    ("rectify-held-up", "jyj-handler", "/problems/{r_held_up}"),
    ("rectify-held-up-office", "office-1", "/problems/{r_held_up}"),
    ("rectify-closed", LEADER, "/problems/{r_closed}"),
    ("rectify-lasting", "jyj-handler", "/problems/{r_lasting}"),
    ("rectify-above", "office-1", "/problems/{r_lasting}"),
    ("rectify-verified", "office-1", "/problems/{r_verified}"),
    ("rectify-agree", "kjj-head", "/problems/{r_verified}"),
    ("rectify-in-part", "office-1", "/problems/{r_in_part}"),
    ("rectify-listed", "wjj-handler", "/problems/{r_listed}"),
    ("rectify-progress", "jyj-handler", "/duties/{r_progress}"),
    ("rectify-help", "kjj-handler", "/duties/{r_help}"),
    ("rectify-look-back", LEADER, "/duties/{r_check}"),
    ("rectify-look-back-offline", "office-1", "/offline/{r_check}"),
    ("rectify-more-time-offline", "office-1", "/offline/{r_listed_solve}"),
    ("rectify-objection", "director", "/assignments/{r_letter}"),
    ("rectify-objection-office", "office-1", "/assignments/{r_letter}"),
    ("rectify-letters", "office-1", f"{R}/assignments"),
    ("rectify-orders", "office-1", f"{R}/orders"),
)


def rectify_places(office: Office) -> dict[str, UUID]:
    """What the braces of these paths stand for."""
    return {
        "r_held_up": problem(office, 1),
        "r_closed": problem(office, 2),
        "r_lasting": problem(office, 3),
        "r_verified": problem(office, 4),
        "r_in_part": problem(office, 5),
        "r_listed": problem(office, 6),
        "r_progress": owed(office, "r_progress", 3),
        "r_help": owed(office, "r_help", 1),
        "r_check": owed(office, "r_check", 2),
        "r_listed_solve": owed(office, "r_solve", 6),
        "r_letter": last_letter(office, "wjj"),
    }
