"""What stands for programs beside the pages: /healthz, and the page /api that tells what is at /api/v1."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kb.admin.status import health
from kb.web.html import page
from kb.web.site_parts import SiteParts

_METHODS: Final = ("get", "post", "put", "delete")


def program_pages(parts: SiteParts, api: FastAPI) -> APIRouter:
    """The addresses /healthz and /api."""
    router = APIRouter()
    retriever = parts.writer.answerer.retriever

    @router.get("/healthz")
    def healthz() -> Response:
        found = health(retriever, parts.writer.model)
        return JSONResponse(
            found.fields(), status_code=200 if found.answers else 503, headers={"cache-control": "no-store"}
        )

    @router.get("/api")
    def endpoints(request: Request) -> Response:
        return page(
            request,
            "api.html",
            endpoints=endpoints_of(api.openapi()),
            address=str(request.base_url).rstrip("/"),
            mcp=parts.settings.mcp,
        )

    return router


def endpoints_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What OpenAPI tells of each address, flat: its method, path, fields and answers."""
    return [
        {
            "name": told["operationId"].partition("_v1_")[0],
            "method": method.upper(),
            "path": "/api" + path,
            "needs_token": bool(told.get("security")),
            "fields": [*_parameters(told), *_body(told, schema)],
            "codes": sorted(told["responses"]),
        }
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
        if method in _METHODS
    ]


def _parameters(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _field(parameter["name"], parameter["schema"], bool(parameter["required"]))
        for parameter in told.get("parameters", ())
    ]


def _body(told: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    content = told.get("requestBody", {}).get("content", {})
    return [field for kind in content.values() for field in _properties(kind["schema"], schema, "")]


def _properties(one: dict[str, Any], schema: dict[str, Any], before: str) -> list[dict[str, Any]]:
    """The fields of an object and of those within it: within.years."""
    whole = _resolved(one, schema)
    fields = []
    for name, inner in whole.get("properties", {}).items():
        fields.append(_field(before + name, inner, name in whole.get("required", ())))
        if "properties" in _resolved(inner, schema):
            fields += _properties(inner, schema, f"{before}{name}.")
    return fields


def _resolved(one: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = one.get("$ref") or next((part["$ref"] for part in one.get("allOf", ()) if "$ref" in part), None)
    if reference is None:
        return one
    resolved: dict[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return resolved


def _field(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    kinds = [schema, *schema.get("anyOf", ())]
    kind = next((one["type"] for one in kinds if one.get("type") not in (None, "null")), "object")
    least = next((one["minimum"] for one in kinds if "minimum" in one), None)
    most = next((one[limit] for limit in ("maximum", "maxLength", "maxItems") for one in kinds if limit in one), None)
    return {
        "name": name,
        "kind": kind,
        "required": required,
        "default": schema.get("default"),
        "least": least,
        "most": most,
    }
