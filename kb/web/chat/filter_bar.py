"""The bar that shows which documents are searched, with the panel that limits them."""

from __future__ import annotations

import json
from html import escape

from kb.chat.filters import Choices
from kb.web.texts import Language, text

SEARCHED_FROM = 12  # names: a longer list can be searched


def filter_bar(choices: Choices, language: Language = "zh") -> str:
    """The bar with its panel; without a choice it only shows the number of documents."""
    if not choices.num_documents:
        return f'<p class="bar">{text("no_documents", language)}</p>'
    if not choices:
        return f'<p class="bar">{text("searched_all", language, count=choices.num_documents)}</p>'
    rows = (
        ("issuers", list(map(str, choices.issuers)), list(choices.issuers)),
        ("years", list(map(str, choices.years)), [text("year", language, year=year) for year in choices.years]),
        ("kinds", list(choices.kinds), list(choices.kinds)),
    )
    fieldsets = "".join(_row(name, values, shown, language) for name, values, shown in rows if values)
    words = {
        "all": text("searched_all", language, count=choices.num_documents),
        "some": text("searched_some", language, count="{count}"),
        "one": text("searched_some", language, count=1),
        "no": text("searched_no", language),
        "off": text("choice_off", language, name="{name}"),
    }
    together = json.dumps(choices.together)
    return (
        f'<div class="bar"><button type="button" data-act="filters" aria-expanded="false" aria-controls="filter-panel">'
        f"{text('searched_all', language, count=choices.num_documents)}</button>"
        f'<span class="tags"></span></div>'
        f'<div id="filter-panel" role="group" aria-label="{text("filters", language)}" hidden '
        f'data-together="{together}" data-words="{escape(json.dumps(words, ensure_ascii=False))}">{fieldsets}'
        f'<p class="ends"><button type="button" data-act="all">{text("choose_all", language)}</button>'
        f'<button type="button" class="main" data-act="chosen">{text("chosen", language)}</button></p></div>'
    )


def _row(name: str, values: list[str], shown: list[str], language: Language) -> str:
    choices = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}" data-place="{place}">'
        f"<span>{escape(words)}</span></label>"
        for place, (value, words) in enumerate(zip(values, shown, strict=True))
    )
    label = text(f"choose_{name}", language)
    search = (
        f'<input type="search" aria-label="{text("choice_search", language, row=label)}" '
        f'placeholder="{text("choice_search", language, row=label)}" autocomplete="off">'
        if len(values) > SEARCHED_FROM
        else ""
    )
    return f'<fieldset data-row="{name}"><legend>{label}</legend>{search}<div class="names">{choices}</div></fieldset>'
