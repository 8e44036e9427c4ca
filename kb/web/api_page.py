"""The page /api, made from the OpenAPI schema of /api/v1, and /healthz."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kb.admin.status import health
from kb.web.html import page
from kb.web.site_parts import SiteParts

_METHODS: Final = ("get", "post", "put", "delete")


def api_pages(parts: SiteParts, api: FastAPI) -> APIRouter:
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
    """Each operation of an OpenAPI schema: its name, method, path, fields and status codes."""
    return [
        {
            "name": operation["operationId"].partition("_v1_")[0],
            "method": method.upper(),
            "path": "/api" + path,
            "needs_token": bool(operation.get("security")),
            "fields": [*_parameters(operation), *_body(operation, schema)],
            "codes": sorted(operation["responses"]),
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _field(parameter["name"], parameter["schema"], bool(parameter["required"]))
        for parameter in operation.get("parameters", ())
    ]


def _body(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    return [field for kind in content.values() for field in _properties(kind["schema"], schema, "")]


def _properties(model: dict[str, Any], schema: dict[str, Any], before: str) -> list[dict[str, Any]]:
    """The fields of an object and of those within it: within.years."""
    whole = _resolved(model, schema)
    fields = []
    for name, inner in whole.get("properties", {}).items():
        fields.append(_field(before + name, inner, name in whole.get("required", ())))
        if "properties" in _resolved(inner, schema):
            fields += _properties(inner, schema, f"{before}{name}.")
    return fields


def _resolved(model: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = model.get("$ref") or next((part["$ref"] for part in model.get("allOf", ()) if "$ref" in part), None)
    if reference is None:
        return model
    resolved: dict[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return resolved


def _field(name: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
    kinds = [schema, *schema.get("anyOf", ())]
    kind = next((option["type"] for option in kinds if option.get("type") not in (None, "null")), "object")
    least = next((option["minimum"] for option in kinds if "minimum" in option), None)
    most = next(
        (option[limit] for limit in ("maximum", "maxLength", "maxItems") for option in kinds if limit in option), None
    )
    return {
        "name": name,
        "kind": kind,
        "required": required,
        "default": schema.get("default"),
        "least": least,
        "most": most,
    }
