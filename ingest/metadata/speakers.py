"""For whom a work report is read out: “我代表省人民政府” names no province; the session or the speaker's office does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.metadata.bodies import SHAPE, body_at, place_at
from kb.chinese.text import without_spaces
from kb.types import Block

_SPEECH = re.compile(
    r"我(?:受[一-鿿]{2,20}委托[，,]?)?代表(?P<organ>国务院|[一-鿿]{0,18}?(?:人民政府|政府|常务委员会|常委会|人民法院|人民检察院))[，,]?向"
)
_SESSION = re.compile(rf"(?P<region>(?:{SHAPE})+)第?[一二三四五六七八九十百\d]+届")
_SPEAKER = re.compile(
    rf"(?P<region>(?:{SHAPE})+)(?:人民政府)?(?:代|副|常务副)?(?:省长|市长|区长|县长|旗长|州长|盟长|主席|(?=[省市区县]长))"
)
_SPEECH_BLOCKS = 24
_MAX_SPEECH = 200  # characters in which a speaker says for whom


def speaks_for(blocks: Sequence[Block]) -> str | None:
    """For whom the speaker of a report speaks: 国务院, 某市人民政府, or only 省人民政府."""
    for block in blocks[:_SPEECH_BLOCKS]:
        if match := _SPEECH.search(without_spaces(block.text[:_MAX_SPEECH])):
            organ = re.sub(r"第?[一二三四五六七八九十\d]+届|本届", "", match["organ"])
            return re.sub(r"(?<!人民)政府$", "人民政府", organ)
    return None


def places_of_sessions(lines: Sequence[str], title: str) -> Iterator[str]:
    """The places whose congress is in session, whose head speaks, or that the title begins with, the surest first."""
    for pattern in (_SESSION, _SPEAKER):
        for line in lines:
            # The place is what follows “在” or a dash, or what the line begins with.
            for piece in re.split(r"\d日|在|[—－―\-（(\s]", line):
                if found := pattern.match(piece):
                    yield found["region"]
    title = re.sub(r"^(?:19|20)\d{2}\s*年度?", "", title)
    if body := body_at(title):
        yield body.place
    elif end := place_at(title)[0]:
        yield title[:end]
