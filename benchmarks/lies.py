"""Answers that are right → answers with one thing wrong in each, and answers that say the same otherwise.

A lie is of a kind; each says a thing that its quotes do not. Nothing here is random: the same answers give the same lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kb.answering.extract.plan_or_result import is_planned
from kb.chinese.figures import Figure, figures
from kb.chinese.text import segments, sentences
from kb.types import Answer, AnswerLine, Citation, text_of

_OTHER_UNIT = {
    "%": "个百分点", "个百分点": "%", "元": "美元", "公里": "千米以上", "人": "户", "户": "人", "件": "起案件", "项": "类", "个": "万个",
    "家": "个园区", "次": "人次", "吨": "公斤", "亿斤": "亿吨", "亩": "公顷", "公顷": "亩",
}  # fmt: skip
_OPPOSITES = (
    ("增长", "下降"), ("下降", "增长"), ("提高", "降低"), ("增加", "减少"), ("减少", "增加"), ("上升", "下降"), ("降低", "提高"),
    ("超过", "不足"), ("以上", "以下"), ("以内", "以上"), ("高于", "低于"), ("扩大", "缩小"), ("超", "不足"), ("左右", "以上"),
)  # fmt: skip
_AS_PLANS = (
    ("完成", "计划完成"), ("建成", "计划建成"), ("新增", "拟新增"), ("达到", "力争达到"), ("实现", "争取实现"), ("达", "预计达"),
)  # fmt: skip
_AS_RESULTS = (("力争", "已经"), ("拟", "已"), ("目标", "完成"), ("预期", "实际"), ("确保", "已经"))
_AS_A_PLAN = "as a plan"
_DROPPED = (
    "不 未 超过 以上 以内 左右 约 力争 计划 目标 预期 拟 不低于 不少于 人均 同比 下降 增长 新增 城镇 农村 规上".split()
)
_VERBS = re.compile(r"完成|实现|达到|新增|取消|开展|组织|建成|办理|发放|增长|提高|安排|建设|推进|改造")
_SENTENCES = (
    "同时，全部问题均已得到圆满解决",
    "群众满意度位居全国第一",
    "相关负责人已被依法追究责任",
    "此项工作由市财政局牵头负责",
    "补贴资金已全部发放到位",
    "有关费用一律免收",
)
_LAWS = ("《中华人民共和国数据公平法》", "《政府信息保障条例》", "《地方财政促进办法》")
_NAMES = ("青岚省", "武定市教育局", "临川县人民法院", "国家数据统筹委员会")


# A segment that stands by itself: it begins with what it is of.
_TELLS = re.compile(r"(?!增|下降|上升|提高|减|占|比|从|由|较|其中|同比|达|超|力争|[要将]|并|还|也)[^，]{2,}\d").match


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model is made to say, and the one sentence of it that is not as composed."""

    kind: str
    text: str
    changed: str  # without marks


def lies(answer: Answer) -> Iterator[Reply]:
    """Every lie about an answer that can be made of its lines."""
    lines = [text_of([line]) for line in answer.lines]
    markers = sorted({citation.marker for citation in answer.citations})
    for number, line in enumerate(lines):
        words, marks = _in_parts(answer.lines[number])
        if not marks:
            continue

        def reply(kind: str, changed: str, new_marks: str = marks, at: int = number) -> Reply:
            text = "\n".join([*lines[:at], changed + new_marks, *lines[at + 1 :]])
            return Reply(kind=kind, text=text, changed=changed)

        cited = [citation for citation in answer.citations if f"[{citation.marker}]" in marks]
        planned = any(is_planned(citation.heading, _sentence_of(citation)) for citation in cited)
        for kind, changed in _changed(words):
            if changed != words and not (planned and kind == _AS_A_PLAN):  # a plan that is called one is no lie
                yield reply(kind, changed)
        for other in markers:
            if f"[{other}]" not in marks and not any(other_line == f"{words}[{other}]" for other_line in lines):
                yield reply("mark", words, f"[{other}]")
        for position, sentence in enumerate(_SENTENCES):
            if position % 3 == number % 3:
                yield Reply(kind="invented sentence", text=f"{line}\n{sentence}。{marks}", changed=f"{sentence}。")


def _sentence_of(citation: Citation) -> str:
    """The sentence in which a quote stands."""
    text, start = citation.passage.text, citation.start - citation.passage.start
    return next((text[begin:end] for begin, end in sentences(text) if begin <= start < end), citation.quote)


def restated(question: str, answer: Answer) -> Iterator[Reply]:
    """The question with the figure that answers it in the place of what it asks for."""
    stated = [line for line in answer.lines if line.figure]
    for line in stated:
        [figure, *more] = figures(line.figure)
        asked = re.search(rf"(?:多少|几){re.escape(figure.unit)}|多少|几(?=[个家所项次人名])", question)
        if asked and not more and len(stated) == 1:
            words = question[: asked.start()] + line.figure + question[asked.end() :].rstrip("？?。 ") + "。"
            yield Reply(kind="the question with its figure", text=f"{words}[{line.markers[-1]}]", changed=words)


def restated_lies(reply: Reply, answer: Answer) -> Iterator[Reply]:
    """Every lie that can be made of such a sentence; also with another figure of the same quote."""
    marks = reply.text.removeprefix(reply.changed)
    others = {figure.text for citation in answer.citations for figure in figures(citation.quote)}
    for line in (line for line in answer.lines if line.figure):
        for other in sorted(others - {figure.text for figure in figures(line.figure)}):
            changed = reply.changed.replace(line.figure, other)
            yield Reply(kind="restated: another figure of its quote", text=changed + marks, changed=changed)
    for kind, changed in _changed(reply.changed):
        if changed != reply.changed:
            yield Reply(kind=f"restated: {kind}", text=changed + marks, changed=changed)


def rewordings(answer: Answer) -> Iterator[Reply]:
    """The lines of an answer as they are, and the same in other words."""
    for line in answer.lines:
        words, marks = _in_parts(line)
        for kind, changed in _reworded(words) if marks else ():
            yield Reply(kind=kind, text=changed + marks, changed=changed)


def _in_parts(line: AnswerLine) -> tuple[str, str]:
    """A line without its marks, and its marks."""
    return line.labelled, text_of([line]).removeprefix(line.labelled)


def _changed(words: str) -> Iterator[tuple[str, str]]:
    found = [figure for figure in figures(words) if figure.text[0].isdigit()]
    counts = [figure for figure in found if not _is_year(figure)]
    for figure in counts[:4]:
        number = re.match(r"[\d,.]+", figure.text)
        assert number is not None
        for other in (
            _next(number.group()),
            number.group().replace(".", "5.", 1) if "." in number.group() else number.group() + "0",
        ):
            yield "figure", _put(words, figure, other + figure.text[number.end() :])
        if figure.unit in _OTHER_UNIT:
            yield "unit", _put(words, figure, figure.text.removesuffix(figure.unit) + _OTHER_UNIT[figure.unit])
        scale = figure.text.replace("万", "亿") if "万" in figure.text else figure.text.replace("亿", "万")
        if scale != figure.text:
            yield "scale", _put(words, figure, scale)
    for one, other in list(pairwise(counts))[:3]:
        if one.text != other.text:
            swapped = words[: one.start] + other.text + words[one.end : other.start] + one.text + words[other.end :]
            yield "swapped figures", swapped
    for figure in found:
        if _is_year(figure):
            yield "year", _put(words, figure, f"{int(figure.value) - 1}年")
    if counts:
        yield "year added", f"{1999 + len(words) % 9}年，{words}"
        yield "issuer added", f"{_NAMES[len(words) % len(_NAMES)]}{words}"
    for group, kind in ((_OPPOSITES, "direction or bound"), (_AS_PLANS, _AS_A_PLAN), (_AS_RESULTS, "as a result")):
        for one, other in group:
            if one in words:
                yield kind, words.replace(one, other, 1)
    if match := _VERBS.search(words):
        yield "negation", words[: match.start()] + "未" + words[match.start() :]
        yield "negation", words[: match.start()] + "没有" + words[match.start() :]
    yield from _mixed(words)
    for one in _DROPPED:
        if one in words:
            yield "word left out", words.replace(one, "", 1)
    for law in _LAWS[len(words) % 3 :][:1]:
        yield "invented law", f"根据{law}，{words}"
    yield "invented office", f"{words.rstrip('。')}，由{_NAMES[len(words) % len(_NAMES)]}负责。"
    yield "invented quote", f"{words.rstrip('。')}，被称为“人民满意的样板”。"


def _mixed(words: str) -> Iterator[tuple[str, str]]:
    """The subjects of two segments change places: each has the figure of the other."""
    pieces = [words[start:end] for start, end in segments(words)]
    found_at = [(place, figures(piece)) for place, piece in enumerate(pieces)]
    firsts = [(place, found[0].start) for place, found in found_at if found and found[0].start >= 3]
    for (one, cut), (other, other_cut) in pairwise(firsts):
        heads = pieces[one][:cut], pieces[other][:other_cut]
        if pieces[one][cut:].strip("，；。、") == pieces[other][other_cut:].strip("，；。、"):
            continue
        if heads[0] != heads[1]:
            changed = list(pieces)
            changed[one], changed[other] = heads[1] + pieces[one][cut:], heads[0] + pieces[other][other_cut:]
            yield "subjects swapped", "".join(changed)
        if len(pieces) > 2:
            yield "one of two", heads[0] + pieces[other][other_cut:].strip("，；。、") + "。"


def _reworded(words: str) -> Iterator[tuple[str, str]]:
    yield "as composed", words
    yield "connective", f"其中，{words}"
    yield "connective", f"根据报告，{words}"
    label, _, body = words.rpartition("：") if re.match(r"[^，。]{2,12}\d{4}年：", words) else ("", "", words)
    pieces = [body[start:end].strip("，。；") for start, end in segments(body)]
    if len(pieces) > 1 and "：" not in body and all(map(_TELLS, pieces)):
        head = f"{label}：" if label else ""
        yield "order of clauses", f"{head}{'，'.join([*pieces[1:], pieces[0]])}。"
    for figure in figures(words):
        if written := _spelt(figure):
            yield "spelling", _put(words, figure, written)
            break


def _spelt(figure: Figure) -> str | None:
    """The same figure as it may be written otherwise."""
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)万([^\d万亿多余]*)", figure.text):
        return (
            f"{figure.value:f}".rstrip("0").rstrip(".") + match[2]
            if "." in f"{figure.value:f}"
            else f"{figure.value}{match[2]}"
        )
    if match := re.fullmatch(r"(\d{1,2})(次|件|项|个|家|户)", figure.text):
        return _in_characters(int(match[1])) + match[2]
    if match := re.fullmatch(r"(\d{1,2})(?:%|％)", figure.text):
        return "百分之" + _in_characters(int(match[1]))
    return None


def _in_characters(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def _is_year(figure: Figure) -> bool:
    return figure.unit == "年" and figure.value > 1900


def _put(words: str, figure: Figure, other: str) -> str:
    return words[: figure.start] + other + words[figure.end :]


def _next(number: str) -> str:
    """The number with its first digit another."""
    digit = "1" if number[0] == "9" else str(int(number[0]) + 1)
    return digit + number[1:]
