"""One small document in each format that is read, each with a fact of its own: what an office may send in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.office.libreoffice import convert, installed_program
from tests.ingest.readers.test_ofd import make_ofd
from tests.ingest.readers.test_ofd import text as text_of_ofd
from tests.ingest.readers.test_readers import SONG, in_song, make_docx, make_pdf
from tests.ingest.readers.test_sheets import make_xls, make_xlsx, table
from tests.ingest.readers.test_slides import presentation, saved, slide_of
from tests.ingest.sources.test_archives import zipped

_LINE = 30  # characters that a line of an OFD's page has room for


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file, a question that only it can answer, and the figure of the answer."""

    name: str
    content: bytes
    question: str = ""
    figure: str = ""


def every_format() -> Iterator[Sent]:
    """Documents of a county that does not exist; the oldest formats only where LibreOffice can make them."""
    written: list[tuple[str, str, str, str, Callable[[str, str, str], bytes]]] = [
        ("教育局", "学前教育情况报告.html", "新增公办幼儿园学位", "540个", _html),
        ("民政局", "养老服务情况报告.docx", "建成社区养老服务站", "27个", _docx),
        ("交通运输局", "公共交通情况报告.pdf", "新开通公交线路", "6条", _pdf),
        ("水利局", "河道治理情况.xlsx", "整治河道", "43公里", _xlsx),
        ("林业局", "植树造林情况.csv", "植树造林", "1280亩", _csv),
        ("文化和旅游局", "文化惠民情况报告.pptx", "组织送戏下乡演出", "96场", _pptx),
        ("自然资源局", "不动产登记情况报告.ofd", "办理不动产登记", "7310件", _ofd),
        ("农业农村局", "农田建设情况.xls", "建成高标准农田", "5200亩", _xls),
        ("财政局", "财政支出情况报告.zip", "安排民生支出", "31.6亿元", _zip),
    ]
    if installed_program() is not None:
        written += [
            ("卫生健康局", "基层医疗情况报告.doc", "新建村卫生室", "15所", _doc),
            ("应急管理局", "安全生产情况报告.ppt", "排查安全隐患", "864处", _ppt),
        ]
    for office, title, matter, figure, write in written:
        name = f"2024_岚溪县{office}_{title}"
        yield Sent(
            name=name,
            content=write(f"岚溪县{office}2024年{title.partition('.')[0]}", matter, figure),
            question=f"岚溪县{office}2024年{matter}多少{figure.lstrip('0123456789.')}？",
            figure=figure,
        )


def _sentence(matter: str, figure: str) -> str:
    return f"2024年，全县{matter}{figure}，比上年有所增加。"


def _html(title: str, matter: str, figure: str) -> bytes:
    body = f"<h1>{title}</h1><h2>一、主要工作</h2><p>{_sentence(matter, figure)}</p><p>各项任务按期完成，群众比较满意。</p>"
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'.encode()


def _docx(title: str, matter: str, figure: str) -> bytes:
    def build(document: Any) -> None:
        document.add_heading(title, 0)
        document.add_heading("一、主要工作", 1)
        document.add_paragraph(_sentence(matter, figure))

    return make_docx(build)


def _pdf(title: str, matter: str, figure: str) -> bytes:
    lines = (title, "一、主要工作", _sentence(matter, figure))
    return make_pdf(["".join(in_song(line, 30, 340 - 40 * row) for row, line in enumerate(lines))], font=SONG)


def _xlsx(title: str, matter: str, figure: str) -> bytes:
    return make_xlsx({"情况": table([[title], ["指标", "2024年"], [matter, figure]])})


def _csv(title: str, matter: str, figure: str) -> bytes:
    return f"指标,2024年\n{matter},{figure}\n其他工作,按期完成\n".encode("gb18030")


def _xls(title: str, matter: str, figure: str) -> bytes:
    return make_xls([(0, 0, "指标", 0), (0, 1, "2024年", 0), (1, 0, matter, 0), (1, 1, figure, 0)], ["General"])


def _pptx(title: str, matter: str, figure: str) -> bytes:
    slides = presentation()
    slide: Any = slide_of(slides, 1)
    slide.shapes.title.text = title
    slide.placeholders[1].text = _sentence(matter, figure)
    return saved(slides)


def _ofd(title: str, matter: str, figure: str) -> bytes:
    lines = (title, "一、主要工作", _sentence(matter, figure))
    return make_ofd(["".join(text_of_ofd(line, 30, 40 + 15 * row) for row, line in enumerate(lines))])


def _zip(title: str, matter: str, figure: str) -> bytes:
    report = f"{title}\n一、主要工作\n{_sentence(matter, figure)}\n"
    return zipped({f"2024年/2024_{title.partition('2024')[0]}_{title}.txt": report.encode()})


def _doc(title: str, matter: str, figure: str) -> bytes:
    return convert(_docx(title, matter, figure), "docx", "doc", installed_program())


def _ppt(title: str, matter: str, figure: str) -> bytes:
    return convert(_pptx(title, matter, figure), "pptx", "ppt", installed_program())
