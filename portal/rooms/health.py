"""Whether the portal can do its work, for the supervisor."""

import logging

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from portal.house import house_of

router = APIRouter()
logger = logging.getLogger(__name__)


@router.get("/health")
def health(request: Request) -> JSONResponse:
    try:
        with house_of(request).office.store.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        logger.warning("the record does not answer: %s", type(error).__name__)
        return JSONResponse({"status": "unhealthy"}, 503)
    return JSONResponse({"status": "healthy"})
