"""The chat page: the conversation, the box for questions, and the passages that answers stand on.

Gradio carries questions and answers; what is shown is made in kb/web/chat/turns.py and its neighbours; what the page
does by itself stands in static/chat.js and the scripts beside it. The server keeps no conversation: the reader's browser does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from kb.chat.ask import Responder
from kb.chat.conversation import Turn, conversation_of, turn_of
from kb.chat.filters import choices, within_of
from kb.chat.suggestions import suggestions
from kb.errors import WenzhengError
from kb.web.chat.filter_bar import filter_bar
from kb.web.chat.frame import dialog, header, sources, suggestions_of, tools, welcome
from kb.web.chat.turns import growing_turns, whole_turn
from kb.web.texts import Language, text

if TYPE_CHECKING:
    import gradio

_MOST_HISTORY = 8  # earlier questions that may be needed to understand one
_ASKED_AT_ONCE = 4  # questions that are answered side by side; the others wait
_SECONDS_TO_WAIT = 0.5  # for suggestions, where others have theirs made


def build_page(responder: Responder, examples: Callable[[], Sequence[str]], language: Language = "zh") -> gradio.Blocks:
    """The page in one language. `examples` is asked for the example questions whenever the page is loaded."""
    import gradio

    chat = Chat(responder, language)

    def rate_entry(rating: object) -> bool:  # Gradio takes functions only, and no methods
        return chat.rate(rating)

    html = partial(gradio.HTML, apply_default_css=False)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page = gradio.Blocks(title=text("name", language), analytics_enabled=False)
    with page:
        html(header(language), elem_id="top", js_on_load=None)
        with gradio.Row(elem_id="columns"):
            with gradio.Column(scale=3, min_width=320, elem_id="asking"):
                start = html(welcome((), language), elem_id="welcome", js_on_load=None)
                with gradio.Column(elem_id="talk"):
                    earlier = html("", elem_id="earlier", js_on_load=_part("earlier"))
                    current = html("", elem_id="current", js_on_load=_part("current"), server_functions=[rate_entry])
                    html("", elem_id="pending", js_on_load=_part("pending"))
                    suggested = html("", elem_id="suggestions", js_on_load=_part("suggestions"))
                with gradio.Column(elem_id="composer"):
                    bar = html("", elem_id="filters", js_on_load=_part("filters"))
                    with gradio.Row(elem_id="box"):
                        box = gradio.Textbox(
                            elem_id="question",
                            label=text("question", language),
                            show_label=False,
                            placeholder=text("question_hint", language),
                            # A question that is a little too long is refused with a message; cut short, it would be another question.
                            max_length=10 * responder.writer.answerer.question_characters,
                            lines=1,
                            max_lines=4,
                            autofocus=True,
                            container=False,
                            scale=1,
                        )
                        send = gradio.Button(text("send", language), variant="primary", elem_id="send", min_width=72)
                        stop = gradio.Button(text("stop", language), elem_id="stop", min_width=72)
                    html(tools(language, written=responder.writer.model is not None), elem_id="tools", js_on_load=None)
            with gradio.Column(scale=2, min_width=320, elem_id="sources"):
                html(sources(language), js_on_load=None)
        html(dialog(language), elem_id="sheet-place", js_on_load=None)
        kept, before = gradio.Textbox(visible=False), gradio.Textbox(visible=False)

        asked = gradio.on(
            [box.submit, send.click],
            chat.respond,
            [box, kept, before],
            [current, box],
            js="question => wenzheng.ask(question)",
            trigger_mode="once",
            concurrency_limit=_ASKED_AT_ONCE,
            concurrency_id="ask",
            **quiet,
        )
        ended = asked.then(None, js="() => wenzheng.ended()", **quiet)
        at_once: dict[str, Any] = {"queue": False, **quiet}
        ended.then(chat.bar, None, bar, **at_once)  # documents may have changed since the page was loaded
        ended.then(chat.suggest, [kept, before], suggested, js="() => wenzheng.after()", **at_once)
        stop.click(None, js="() => wenzheng.stopped()", cancels=[asked], **quiet)
        page.load(chat.bar, None, bar, **at_once)
        restored = page.load(chat.restore, kept, earlier, js="() => [wenzheng.kept()]", **at_once)
        restored.then(None, js="() => wenzheng.goOn()", **quiet)
        page.load(lambda: welcome(examples(), language), None, start, **at_once)
    return page


class Chat:
    """What the page shows in reply to a reader, in one language."""

    def __init__(self, responder: Responder, language: Language) -> None:
        self._responder = responder
        self._answerer = responder.writer.answerer
        self._language = language
        self._suggesting = threading.Lock()

    def respond(self, question: str, history: str, within: str) -> Iterator[tuple[Any, Any]]:
        """The turn as it grows, then whole; and what stands in the box. All three come from the reader's browser."""
        question = question.strip()
        if not question:
            yield _unchanged(), ""
            return
        yield _unchanged(), ""  # Gradio can stop an event only once something has come of it
        kept = within_of(_json(within))
        with closing(self._responder.answers(question, self._questions(history), within=kept or None)) as answers:
            for growing in answers:
                if growing is None:  # The reader may stop here.
                    yield _unchanged(), _unchanged()
                    continue
                answer = growing
                for grown in growing_turns(Turn(question=question, answer=answer, within=kept), self._language):
                    yield grown, _unchanged()
        offered = choices(self._answerer.retriever.gazetteer()) if answer.status.refuses else None
        yield whole_turn(Turn(question=question, answer=answer, within=kept), self._language, offered), _unchanged()

    def suggest(self, kept: str, history: str) -> str:
        """Questions that may come after the turn that the browser keeps as `kept`; none while many ask.

        They are found for one reader at a time: for ten at once they would take the cores from the answers.
        """
        turn = turn_of(_json(kept), self._answerer.retriever)
        if turn is None or not self._suggesting.acquire(timeout=_SECONDS_TO_WAIT):
            return ""
        try:
            asked = self._questions(history)
            found = suggestions(self._answerer, turn.answer, turn.question, asked, turn.within or None)
        finally:
            self._suggesting.release()
        return suggestions_of(found, self._language)

    def restore(self, kept: str) -> str:
        """The turns that the browser kept."""
        turns = conversation_of(kept or "", self._answerer.retriever)
        return "".join(whole_turn(turn, self._language) for turn in turns)

    def bar(self) -> str:
        """The bar that says what is searched."""
        try:
            return filter_bar(choices(self._answerer.retriever.gazetteer()), self._language)
        except WenzhengError as error:
            return f'<p class="bar">{escape(str(error))}</p>'

    def rate(self, rating: object) -> bool:
        """Note a rating: the entry of an answer, whether it was good, a reason. Returns whether it was noted."""
        match rating:
            case [str(entry), bool(good), str(reason)]:
                return self._responder.rate(entry, good, reason)
        return False

    def _questions(self, history: str) -> list[str]:
        """The earlier questions, which the browser sends as JSON."""
        found = _json(history)
        asked = [question for question in found if isinstance(question, str)] if isinstance(found, list) else []
        return [question[: self._answerer.question_characters] for question in asked[-_MOST_HISTORY:]]


def _json(words: str) -> object:
    """What a browser sent as JSON; None where it is none."""
    try:
        return json.loads(words)
    except (TypeError, ValueError, RecursionError):
        return None


def _part(name: str) -> str:
    return f"wenzheng.parts.{name}(element, watch, server)"


def _unchanged() -> Any:
    import gradio

    return gradio.skip()
