"""Documents made here: a report of each district, every sentence of which names its document and version.

    云澜湖区2024年度法治政府建设情况报告
    一、依法履职（稿12-7）
    新增城镇就业18.6万人（稿12-7）。 …

The marks of a passage with two versions, or of an answer from two, show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from benchmarks.encoder_speed import make_passages
from ingest.structure.passages import document_text
from ingest.worker import read_outlined

_MARK = re.compile(r"（稿(\d+)-(\d+)）")
_ENDS = re.compile(r"(?=[。；！？])|$")
_NAMES = "云望兰青松柏桐梧竹梅清泉溪湖江河山峰岭石金玉明朗星辰晨曦霞虹"
_HEADINGS = ("一、依法履职", "二、政务服务", "三、民生保障", "四、存在问题", "五、下一步打算")


def district(number: int) -> str:
    """The name of a document's district, one for each number below 27,000."""
    base = len(_NAMES)
    return "".join(_NAMES[number // base**place % base] for place in range(3)) + "区"


def make_documents(count: int, *, num_sections: int) -> list[list[str]]:
    """Documents as lines, title first, with a passage of 200 to 400 characters below each of `num_sections` headings."""
    texts = iter(make_passages(count * num_sections))
    return [
        [
            "2024年度法治政府建设情况报告",
            *(line for heading in _HEADINGS[:num_sections] for line in (heading, next(texts))),
        ]
        for _ in range(count)
    ]


def read_documents(folder: Path) -> list[list[str]]:
    """The documents of a folder as lines, title first."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [document_text(read_outlined(path.read_bytes(), path.name)).splitlines() for path in paths]


def written(lines: list[str], number: int, version: int) -> str:
    """The text of one version: the title with the district's name, and a mark at the end of every sentence."""
    title, *rest = lines
    mark = f"（稿{number}-{version}）"
    marked = (_ENDS.sub(mark, line.rstrip("。；！？")) + "。" for line in rest if line.strip())
    return "\n".join([district(number) + title, *marked]) + "\n"


def versions(texts: Iterable[str]) -> dict[int, set[int]]:
    """The versions that texts are marked with, by the number of the document."""
    found: dict[int, set[int]] = {}
    for number, version in (match.groups() for text in texts for match in _MARK.finditer(text)):
        found.setdefault(int(number), set()).add(int(version))
    return found
