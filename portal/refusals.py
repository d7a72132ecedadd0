"""A refusal as a page says it: the Chinese sentence of its code, and the status that goes with it."""

import logging

from jinja2 import UndefinedError

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import has_phrase, phrase

logger = logging.getLogger(__name__)

STATUS_BY_ENDING = {"not_yours": 403, "unknown": 404, "missing": 404}
STATUS_BY_CODE = {
    "portal.form_stale": 403,
    "upload.too_large": 413,
    "upload.changed": 500,
    "photo.too_large": 413,
    "photo.changed": 500,
    "intake.too_fast": 429,
    "ballot.code_unknown": 404,
}


def status_of(refusal: Refusal) -> int:
    ending = refusal.code.rpartition(".")[2]
    return STATUS_BY_CODE.get(refusal.code) or STATUS_BY_ENDING.get(ending, 409)


def words_of(refusal: Refusal) -> str:
    """The sentence; a page is never lost because a sentence is."""
    if not has_phrase(refusal.code):
        logger.warning("the refusal %s has no phrase", refusal.code)
        return phrase("portal.refused")
    try:
        return phrase(refusal.code, **refusal.facts)
    except UndefinedError as error:
        logger.warning("the phrase of %s lacks a fact: %s", refusal.code, error)
        return phrase("portal.refused")
