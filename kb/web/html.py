"""Templates → pages that need no Gradio: documents and the desk. Only this module imports Jinja.

All values of a template are escaped. Pages have no inline scripts or styles, which their policy forbids, and load
nothing from other hosts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kb.errors import WenzhengError
from kb.web.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from fastapi import FastAPI
    from jinja2 import Environment
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response
    from starlette.types import ASGIApp, Scope

LANGUAGE_COOKIE = "wenzheng-language"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def page(
    request: Request, template: str, *, status_code: int = 200, language: Language | None = None, **values: Any
) -> HTMLResponse:
    """The template of that name as a page in the reader's language, or another; `text` stands ready in it."""
    from starlette.responses import HTMLResponse

    language = language or language_of(request)
    html = (
        _environment()
        .get_template(template)
        .render(request=request, language=language, text=partial(text, language=language), **values)
    )
    response = HTMLResponse(html, status_code=status_code, headers={"content-security-policy": POLICY})
    if request.query_params.get("language") in LANGUAGES:
        _keep_language(response, language)
    return response


def _keep_language(response: Response, language: Language) -> None:
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, samesite="lax", httponly=True)


def language_of(request: Request) -> Language:
    """The language that the address asks for, or the one that was chosen last; Chinese where none was."""
    asked = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE)
    return next((language for language in LANGUAGES if language == asked), LANGUAGES[0])


def chat_language(request: Request) -> Language:
    """The language of a chat page: the one that its path names, else the reader's."""
    named = request.url.path.strip("/")
    return next((language for language in LANGUAGES if language == named), language_of(request))


def language_redirect(scope: Scope) -> Response | None:
    """A redirect to the chat page in the chosen language; None where that is the page at /.

    A language that the address names is kept in a cookie.
    """
    from starlette.requests import Request
    from starlette.responses import RedirectResponse

    request = Request(scope)
    named = request.url.path.strip("/")
    language = chat_language(request)
    asked = request.query_params.get("language") in LANGUAGES
    if language == LANGUAGES[0] and not asked and not named:
        return None
    response = RedirectResponse("/" if language == LANGUAGES[0] else f"/{language}/", status_code=303)
    if asked:
        _keep_language(response, language)
    return response


def error_text(request: Request, problem: str | WenzhengError | None) -> str:
    """The message of an error, or the text of that name, in the reader's language; "" for neither."""
    language = language_of(request)
    if isinstance(problem, WenzhengError):
        return problem.english if language == "en" else str(problem)
    return text(problem, language) if problem else ""


def moment(time: float | str | None) -> str:
    """A time, in seconds since 1970 or as ISO 8601 in UTC, as the server's clock shows it; "—" for none."""
    if time is None or time == "":
        return "—"
    known = (
        datetime.fromisoformat(time).replace(tzinfo=UTC) if isinstance(time, str) else datetime.fromtimestamp(time, UTC)
    )
    return known.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def size(num_bytes: int) -> str:
    """A size that people read: 1.5 GiB."""
    amount = float(num_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


def serve_design(site: FastAPI) -> None:
    """Serve styles and scripts at /design, for Gradio has /static and /assets to itself."""
    site.mount("/design", design_files())


def design_files() -> ASGIApp:
    """The styles and scripts, by name."""
    from starlette.staticfiles import StaticFiles

    return StaticFiles(packages=[("kb.web", "static")])


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kb.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["size"] = size
    return environment


def design_text(name: str) -> str:
    """A file of /design, for a page that must carry it within itself."""
    return files("kb.web").joinpath("static", name).read_text(encoding="utf-8")
