"""Chinese text: widths, scripts, sentences, terms. Only this module imports rjieba and opencc.

Spans returned here are offsets into the text as given; folding widths never happens behind a span.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, cast

CELL_MARK = " | "  # between the cells of a table row: no mark within a row ends a sentence

_CLOSING = "”’」』）)】》〉\"'"
# A full stop of Latin script is no end: it stands inside figures and addresses.
_ROW = r"(?m:^)[^\n]* \| [^\n]*(?:\n|$)"
_SENTENCE = re.compile(rf"{_ROW}|[^。！？!?\n]*(?:[。！？!?]+[{_CLOSING}]*|\n|$)")
_CLAUSE = re.compile(rf"{_ROW}|[^。！？!?；;\n]*(?:[。！？!?；;]+[{_CLOSING}]*|\n|$)")
# A comma between digits stands inside a figure.
_SEGMENT = re.compile(r"(?:[^，,：:]|(?<=\d),(?=\d))+[，,：:]*|[，,：:]+")
_WORD = re.compile(r"\w")
# Tags of the segmenter: nouns, nouns made of verbs and adjectives, names, set phrases, abbreviations, Latin letters.
_THING_TAGS = ("n", "vn", "an", "l", "i", "j", "eng", "m", "x", "g")
_OTHER_SHARE = 0.5

# Words that carry a question's form and not its matter. They weigh nothing when a sentence is compared
# with a question; in the index they stay, where BM25 weighs them down by itself.
FORM_TERMS = frozenset(
    (
        "的 了 是 在 有 和 与 及 或 等 为 被 把 将 对 从 到 由 向 于 以 按 按照 根据 中 里 里面 "
        "上 下 内 什么 哪些 哪个 哪 几 几个 多少 多 如何 怎么 怎样 怎么样 吗 呢 吧 啊 谁 何时 "
        "什么时候 是否 有没有 能否 可否 请问 请 我 我们 你 你们 想 想要 知道 了解 告诉 一下 关于 其中 "
        "钱 人 人家 大家 大伙 大伙儿 家里 公家 有些 好多 很多 太多 听说 大概 起码 以前 如今 拿 帮 送 领到 起 一年 这笔 一笔 之后 "
        "总数 数量 全省 全市 全区 全县 "
        "具体 分别 各 各自 对比 相比 相差 差距 更 更多 更少 更高 更低 更快 更大 哪个 最快 最 略 一点 略高 时 让 给 着 过 得 一共 总共 共 全部 这 "
        "那 这个 那个 该 此 就 都 也 还 又 再 才 只 要 会 能 可以 应该 需要 去 来 做 进行 说 提到 "
        "提出 指出 显示 公布 介绍 报告 工作报告 情况 方面 问题 目前 现在 年 年度 月 日 a an the "
        "of in on is are was were what which how many much who "
        "when where"
    ).split()
)


def fold(text: str) -> str:
    """Full width to half width, upper case to lower case: for comparing, never for showing.

    The length may change, so spans do not carry over.
    """
    return unicodedata.normalize("NFKC", text).casefold()


_YEAR_IN_CHARACTERS = re.compile(r"(?<![一二三四五六七八九〇零○])[一二][〇零○一二三四五六七八九]{3}(?=年)")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def simplified(text: str) -> str:
    """`text` with traditional characters in their simplified forms: 濱海 is 滨海, 乾隆 stays."""
    return _to_simplified()(text)


def with_digits(text: str) -> str:
    """`text` with the years that are written in characters in digits: 二〇二四年 is 2024年."""
    return _YEAR_IN_CHARACTERS.sub(lambda year: year.group().translate(_DIGITS), text)


@cache
def _to_simplified() -> Callable[[str], str]:
    import opencc

    return cast("Callable[[str], str]", opencc.OpenCC("t2s").convert)


def without_spaces(text: str) -> str:
    """`fold` and drop all white space."""
    return "".join(fold(text).split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`; together they are the whole text.

    A sentence ends after 。！？ with the closing marks behind, or after a line break.
    """
    return list(_spans(_SENTENCE, text))


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`, cut at ；, too; together they are the whole text."""
    return list(_spans(_CLAUSE, text))


def segments(text: str) -> list[tuple[int, int]]:
    """Spans of a clause's segments, cut after commas and colons; together they are the whole clause."""
    return list(_spans(_SEGMENT, text))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def terms(text: str) -> list[str]:
    """The words of `text` as the segmenter cuts them, folded, in order, without marks and white space."""
    import rjieba

    return [word for word in rjieba.cut(fold(text)) if _WORD.search(word)]


def word_ends(text: str) -> list[int]:
    """Where the words of `text` end as the segmenter cuts them."""
    import rjieba

    return list(accumulate(map(len, rjieba.cut(text))))


def is_word(text: str) -> bool:
    """Whether the segmenter knows `text` as one word."""
    return bool(_segmenter().has_word(text))


@cache
def _segmenter() -> Any:
    import rjieba

    return rjieba.Jieba()


def content_terms(text: str) -> dict[str, float]:
    """The terms of `text` that carry matter, in order, each with its share: 1 for names of things, less for the rest.

    A question may say in other verbs and adverbs what a document says; what it is about it must call by name.
    """
    carrying = [(word, tag) for word, tag in tagged(text) if _WORD.search(word) and word not in FORM_TERMS]
    return {word: 1.0 if tag.startswith(_THING_TAGS) else _OTHER_SHARE for word, tag in carrying}


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of `text`, folded, each with the segmenter's tag: ns is the name of a place."""
    import rjieba

    return rjieba.tag(fold(text))


def compounds(text: str) -> list[str]:
    """Each two terms of `content_terms` that stand side by side in `text`, as one."""
    import rjieba

    words = rjieba.cut(fold(text))
    carries = [bool(_WORD.search(word)) and word not in FORM_TERMS for word in words]
    return [
        first + second
        for (first, second), carried in zip(pairwise(words), pairwise(carries), strict=True)
        if all(carried)
    ]


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if match.end() > match.start():
            yield match.span()
