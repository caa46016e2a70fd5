"""Errors as the programming interface tells them: one shape, whatever stops a request (DESIGN §10).

Owns that shape. Which error it is, and with which status, is decided where it happens.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

import msgspec
from starlette.responses import Response

from assettrack.domain import errors

NOTHING_MORE: Mapping[str, object] = MappingProxyType({})


class ApiError(msgspec.Struct, frozen=True):
    """What an error is: its code, its sentence, and whether anything was saved, None where that can't be known."""

    code: str
    message: str
    saved: bool | None = False


def told(error: errors.AssetTrackError) -> ApiError:
    """Return an error of the catalogue as it is told."""
    return ApiError(error.code, str(error), error.saved)


def api_failure(status: int, error: ApiError, beside: Mapping[str, object] = NOTHING_MORE) -> Response:
    """Return the answer to a request that failed, with what is told ``beside`` the error."""
    headers = {"www-authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return Response(msgspec.json.encode({"error": error, **beside}), status, headers, "application/json")
