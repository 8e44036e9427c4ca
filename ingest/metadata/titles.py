"""The title of a document: from a header table, its first heading, a line at its head, or its file name.

A page's first heading may be the name of the site; a notice may issue another document, which is then the one to go by where
it stands below and the file is named after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata.bodies import whole_body
from ingest.metadata.kinds import kind_of, report_kind
from ingest.metadata.numbers import without_number
from kb.chinese.lexicon import read_lexicon
from kb.types import Block, BlockKind

_LEXICON = read_lexicon(__name__)
_SITE, _PATH, _ISSUING, _MARKS = _LEXICON["site"], _LEXICON["path"], _LEXICON["issuing"], _LEXICON["marks"]
_CLIPPED, _ORDER, _MADE_KNOWN = _LEXICON["clipped"], _LEXICON["order"], _LEXICON["made_known"]
_HEAD_BLOCKS = 12
_MAX_TITLE = 90
_ORDER_LINES = 12  # in which an order names its act
_STEPS = 2  # of a path
# Shares of the pairs of characters of a file's name.
_LIKE = 0.3  # from which a line at the head may be the title of the file
_NAMED = 0.6  # from which a file is named after the document that a notice issues
_NOT_IN_TITLES = re.compile(
    r"[。；：:，]|^[（(]?[一二三四五六七八九十\d]+[、）).．]|^第[一-鿿\d]+[章条节]|^(?:附件?|各|现将)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def heading_title(blocks: Sequence[Block]) -> str | None:
    """The first heading of the highest level."""
    for block in blocks[:_HEAD_BLOCKS]:
        if block.kind is BlockKind.HEADING and block.level == 1:
            return close_up(block.text)
    return None


def file_title(parts: Sequence[str]) -> str:
    """The file name, cut into `parts` at its underscores, without its years."""
    named = [part for part in parts if not _YEAR.fullmatch(part)]
    return " ".join(named or parts) or "未命名"


def close_up(title: str) -> str:
    """政 府 工 作 报 告 → 政府工作报告; marks at the end that a page put there go."""
    title = re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", title)
    return title.strip(" \t|｜-—_") or title


def policy_title(heading: str | None, labelled: str | None, lines: Sequence[str], name: str) -> str:
    """The title of what is no yearly report; `heading` is its first heading, `lines` are all of its lines, `name` its file."""
    own = [_cleaned(line) for line in (labelled or "", "" if is_path(heading or "") else heading or "")]
    title = next((text for text in own if is_title(text)), None) or _line_like(lines, name)
    if title is None:
        title = own[1] if own[1] and not _SITE.search(own[1]) and not whole_body(own[1]) else name
    if _ORDER.match(title):
        acts = (_MADE_KNOWN.match(line) for line in lines[:_ORDER_LINES])
        title = next((_quoted(match["act"]) for match in acts if match), title)
    if (clipped := _CLIPPED.match(title)) is not None:
        title = clipped["issued"]
    if title != name and not kind_of(title) and title in name.replace(" ", ""):
        return name  # it says more: 户政指南_变更名字, 惠州办理具体事项
    issued = _issued(title)
    if issued and _likeness(issued, name) >= _NAMED:
        return _standing(issued, lines) or issued
    return title


def is_path(text: str) -> bool:
    """Whether `text` is the path of a page: 云澜区司法局-信息公开-供水."""
    return len(re.findall(r"[一-鿿、]+(?=[-–>»|_][一-鿿])", text)) >= _STEPS


def is_title(text: str) -> bool:
    """Whether `text` says what kind of document it is the title of."""
    return 4 < len(text) <= _MAX_TITLE and not _SITE.search(text) and bool(kind_of(text) or report_kind(text))


def _cleaned(text: str) -> str:
    text = without_number(close_up(_MARKS.sub("", text.strip())))
    pieces = [piece for piece in _PATH.split(text) if piece]
    return next((piece.strip() for piece in pieces if kind_of(piece.strip())), text)


def _line_like(lines: Sequence[str], name: str) -> str | None:
    """The line at the head that is a title, the one most like the file's name of several."""
    found = [_cleaned(line) for line in lines[:16] if not _NOT_IN_TITLES.search(_cleaned(line))]
    titles = [text for text in found if is_title(text) and _likeness(text, name) >= _LIKE]
    return max(titles, key=lambda text: _likeness(text, name), default=None)


def _issued(title: str) -> str | None:
    match = _ISSUING.search(title)
    return _quoted(match["quoted"] or match["plain"]) if match else None


def _quoted(title: str) -> str:
    """A title that stood in a quote, with its own quotes."""
    return title.replace("〈", "《").replace("〉", "》")


def _standing(issued: str, lines: Sequence[str]) -> str | None:
    """The line that is the title of the document that a notice issues."""
    wanted = _core(issued)
    return next((line for line in map(_cleaned, lines) if _core(line) == wanted), None)


def _likeness(title: str, name: str) -> float:
    """The share of the pairs of characters of a file's name that stand in a title."""
    name = re.sub(r"[^一-鿿]", "", name)
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in title for pair in pairs) / len(pairs) if pairs else 0.0


def _core(title: str) -> str:
    return re.sub(r"[《》〈〉\s（）()]|试行|暂行", "", title)
