"""The chat page: a question box, the conversation, and the passages that the last answer stands on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.pages.display import answer_message, cards, growing_messages, question_message, waiting_message
from kb.pages.html import design_text
from kb.pages.texts import text
from kb.writing import Writer

if TYPE_CHECKING:
    import gradio

NUM_EXAMPLES = 4
_MOST_HISTORY = 8  # earlier questions that may be needed to understand one
_ASKED_AT_ONCE = 4  # questions that are answered side by side; the others wait
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
_FIGURES = ("ui-monospace", "Consolas", "monospace")
# Gradio calls its pages English, and reads the markup of each message to those who hear the page.
_SCRIPT = """
document.documentElement.lang = 'zh-CN';
const names = %s;
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(names))
    document.querySelectorAll(selector).forEach(element => element.setAttribute('aria-label', name));
}).observe(document.documentElement, {subtree: true, childList: true, attributeFilter: ['aria-label']});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question that was asked, and the message that answered it."""

    question: str
    message: str


def build_page(writer: Writer, examples: Callable[[], Sequence[str]]) -> gradio.Blocks:
    """The page. `examples` is asked for the example questions whenever the page is loaded."""
    import gradio

    def respond(question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        yield from _respond(writer, question, turns)

    page = gradio.Blocks(title=text("name"), analytics_enabled=False)
    with page:
        gradio.HTML(_header(), elem_id="top")
        turns = gradio.State([])
        with gradio.Row(elem_id="columns"):
            with gradio.Column(scale=3, min_width=320, elem_id="asking"):
                conversation = gradio.Chatbot(
                    elem_id="conversation",
                    label=text("conversation"),
                    show_label=False,
                    placeholder=text("welcome"),
                    height="min(54vh, 32rem)",
                    layout="bubble",
                    buttons=[],
                    feedback_options=None,
                    latex_delimiters=[],
                    allow_file_downloads=False,
                    group_consecutive_messages=False,
                )
                with gradio.Row(elem_id="box"):
                    box = gradio.Textbox(
                        elem_id="question",
                        label=text("question"),
                        show_label=False,
                        placeholder=text("question_hint"),
                        max_length=writer.answerer.question_characters,
                        lines=1,
                        max_lines=4,
                        autofocus=True,
                        container=False,
                        scale=1,
                    )
                    send = gradio.Button(text("send"), variant="primary", elem_id="send", scale=0, min_width=80)
                    stop = gradio.Button(text("stop"), visible=False, elem_id="stop", scale=0, min_width=80)
                with gradio.Row(elem_id="below"):
                    gradio.HTML(f"<span>{text('examples')}</span>", elem_id="examples-label")
                    clear = gradio.Button(text("clear"), elem_id="clear")
                with gradio.Row(elem_id="examples"):
                    choices = [gradio.Button(visible=False, elem_classes="example") for _ in range(NUM_EXAMPLES)]
            with gradio.Column(scale=2, min_width=320, elem_id="sources"):
                sources = gradio.HTML(cards(None), elem_id="cards")
        gradio.HTML(f"<p>{text('notice' if writer.model is None else 'notice_written')}</p>", elem_id="notice")

        shown = [conversation, sources, box, turns, stop]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking: dict[str, Any] = {"concurrency_limit": _ASKED_AT_ONCE, "concurrency_id": "ask", **quiet}
        asked = [gradio.on([box.submit, send.click], respond, [box, turns], shown, trigger_mode="once", **asking)]
        asked += [choice.click(respond, [choice, turns], shown, trigger_mode="once", **asking) for choice in choices]
        stop.click(_stopped, turns, [conversation, turns, stop], cancels=asked, **quiet)
        clear.click(lambda: ([], cards(None), "", [], _visible(False)), None, shown, cancels=asked, **quiet)
        page.load(lambda: _choices(examples()), None, choices, **quiet)
    return page


def dress() -> dict[str, Any]:
    """What the page wears, as arguments of `gradio.mount_gradio_app`: nothing of it is loaded from outside."""
    from gradio import themes

    style = design_text("palette.css") + design_text("chat.css")
    names = {
        '[aria-label^="user\'s message"]': text("question"),
        '[aria-label^="bot\'s message"]': text("answer"),
        '[aria-label="chatbot conversation"]': text("conversation"),
    }
    return {
        "theme": themes.Base(primary_hue="blue", neutral_hue="slate", text_size="lg", font=_FONTS, font_mono=_FIGURES),
        # In the head, for Gradio confines what it is given as `css` to the inner part of the page.
        "head": f"<style>{style}</style><script>{_SCRIPT % json.dumps(names)}</script>",
        "footer_links": [],
    }


def _respond(writer: Writer, question: str, turns: Sequence[Turn]) -> Iterator[tuple[Any, ...]]:
    """The page's states from a question to its whole answer: conversation, cards, question box, turns, stop button.

    Each state is whole, so that what is there by then stays when the reader stops it.
    """
    question = question.strip()
    if not question:
        yield _messages(turns), _unchanged(), "", list(turns), _visible(False)
        return
    begun = [*turns, Turn(question=question, message=waiting_message("searching"))]
    yield _messages(begun), cards(None), "", begun, _visible(writer.model is not None)
    with closing(writer.answers(question, [turn.question for turn in turns[-_MOST_HISTORY:]])) as answers:
        for answer in answers:
            for message in growing_messages(answer):
                begun = [*turns, Turn(question=question, message=message)]
                yield _messages(begun), _unchanged(), _unchanged(), begun, _unchanged()
    number = len(turns)
    whole = Turn(question=question, message=answer_message(answer, number))
    kept = Turn(question=question, message=answer_message(answer))
    yield _messages([*turns, whole]), cards(answer, number), _unchanged(), [*turns, kept], _visible(False)


def _stopped(turns: Sequence[Turn]) -> tuple[Any, ...]:
    """The page when the reader has stopped an answer: what was shown of it stays."""
    *earlier, last = turns
    if last.message == waiting_message("searching"):
        last = Turn(question=last.question, message=waiting_message("stopped"))
    return _messages([*earlier, last]), [*earlier, last], _visible(False)


def _messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    return [
        message
        for turn in turns
        for message in (
            {"role": "user", "content": question_message(turn.question)},
            {"role": "assistant", "content": turn.message},
        )
    ]


def _choices(questions: Sequence[str]) -> list[Any]:
    import gradio

    hidden = [gradio.update(visible=False)] * NUM_EXAMPLES
    return [*(gradio.update(value=question, visible=True) for question in questions), *hidden][:NUM_EXAMPLES]


def _unchanged() -> Any:
    import gradio

    return gradio.skip()


def _visible(visible: bool) -> Any:
    import gradio

    return gradio.update(visible=visible)


def _header() -> str:
    return f"<header><h1>{text('name')}</h1><p>{text('purpose')}</p></header>"
