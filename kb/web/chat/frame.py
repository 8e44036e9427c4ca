"""The frame of the chat page as HTML: header, welcome, tools, sources, and its styles and scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from kb.web.html import design_text
from kb.web.texts import Language, text

_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
_FIGURES = ("ui-monospace", "Consolas", "monospace")
_SCRIPTS = ("elements", "memory", "keyboard", "passages", "filters", "rating")  # before chat.js, which uses them
_WORDS = (
    "searching", "stopped", "broken", "lost", "spoken", "copied", "not_copied", "thanks", "not_rated", "act_retry", "act_edit",
)  # fmt: skip


def styling(language: Language = "zh") -> dict[str, Any]:
    """Theme, styles and scripts as arguments of `gradio.mount_gradio_app`; nothing is loaded from other hosts."""
    from gradio import themes

    style = design_text("palette.css") + design_text("chat.css")
    words = escape(json.dumps({name: text(name, language) for name in _WORDS}, ensure_ascii=False))
    code = "zh-CN" if language == "zh" else "en"
    return {
        "theme": themes.Base(primary_hue="blue", neutral_hue="slate", text_size="lg", font=_FONTS, font_mono=_FIGURES),
        # In the head, for Gradio confines what it is given as `css` to the inner part of the page. Scripts stand there
        # in full: one that is loaded may come after the parts that call it.
        "head": f"<style>{style}</style>"
        + "".join(f"<script>{design_text(f'{name}.js')}</script>" for name in _SCRIPTS)
        + f'<script data-language="{code}" data-words="{words}">{design_text("chat.js")}</script>',
        "footer_links": [],
    }


def header(language: Language) -> str:
    """Name, purpose, and links to other pages."""
    other = "en" if language == "zh" else "zh"
    return (
        f'<a class="skip" href="#question">{text("to_question", language)}</a>'
        f"<header><h1>{text('name', language)}</h1><p>{text('purpose', language)}</p>"
        f'<nav><a href="/documents">{text("all_documents", language)}</a>'
        f'<a href="/?language={other}" hreflang="{"en" if other == "en" else "zh-CN"}">'
        f"{text('other_language', language)}</a></nav></header>"
    )


def welcome(questions: Sequence[str], language: Language) -> str:
    """The words for a newcomer, with example questions."""
    examples = "".join(_asks(question, "example") for question in questions)
    label = f'<p class="label">{text("examples", language)}</p>' if questions else ""
    return (
        f"<h2>{text('welcome', language)}</h2><p>{text('welcome_more', language)}</p>"
        f'{label}<div class="examples">{examples}</div>'
    )


def suggestions_of(questions: Sequence[str], language: Language) -> str:
    """Questions that may come next."""
    if not questions:
        return ""
    asks = "".join(_asks(question, "suggestion") for question in questions)
    return f'<p class="label">{text("suggested", language)}</p><div class="examples">{asks}</div>'


def tools(language: Language, *, written: bool) -> str:
    """Below the box: a notice about answers, and buttons for the conversation."""
    formats = "".join(
        f'<button name="format" value="{name}">{text(f"export_{name}", language)}</button>' for name in ("docx", "md")
    )
    return (
        f'<p id="editing" hidden>{text("editing", language)} '
        f'<button type="button" data-act="keepLast">{text("stop_editing", language)}</button></p>'
        f'<div class="row"><p class="notice">{text("notice_written" if written else "notice", language)}</p>'
        f'<div class="with-talk"><details class="menu"><summary>{text("export", language)}</summary>'
        f'<form id="export" method="post" action="/export"><input type="hidden" name="conversation">{formats}</form>'
        f'</details><button type="button" data-act="print">{text("print", language)}</button>'
        f'<button type="button" data-act="clear">{text("clear", language)}</button></div></div>'
    )


def sources(language: Language) -> str:
    """The place beside the conversation where passages are shown."""
    return (
        f'<aside aria-labelledby="shown-sources"><h2 id="shown-sources">{text("sources", language)}</h2>'
        f'<p class="hint">{text("no_sources", language)}</p><div id="cards"></div></aside>'
    )


def dialog(language: Language) -> str:
    """The sheet in which a phone shows passages, and the words that a screen reader announces."""
    return (
        f'<dialog id="sheet" aria-labelledby="sheet-sources"><div class="sheet-top">'
        f'<h2 id="sheet-sources">{text("sources", language)}</h2>'
        f'<button type="button" data-act="close">{text("close", language)}</button></div>'
        f'<div class="cards" tabindex="0"></div></dialog><p id="spoken" class="unseen" role="status"></p>'
    )


def _asks(question: str, name: str) -> str:
    return (
        f'<button type="button" class="{name}" data-act="ask" data-question="{escape(question)}">'
        f"{escape(question)}</button>"
    )
