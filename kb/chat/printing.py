"""Documents, answers and hits → text for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from kb.search.gazetteer import unsure
from kb.types import Answer, Citation, Document, Hit

_ENDINGS = {"superseded": "已被新版取代", "withdrawn": "已撤回", "removed": "文件已移除"}


def document_text(document: Document) -> str:
    """A document in a list: name, title, what it is of, and what is not known of it."""
    metadata = document.metadata
    about = " · ".join(str(part) for part in (metadata.issuer, metadata.year, metadata.kind) if part)
    lines = [f"{document.name}\n    {metadata.title}（{about or '单位与年份未定'}，{document.num_passages} 段）"]
    if document.ended_by:
        lines.append(f"    {_ENDINGS[document.ended_by]}，{document.ended_at}")
    if missing := unsure(document):
        lines.append(f"    未能确定：{'、'.join(missing)}；可在 manifest.csv 中写明")
    return "\n".join(lines)


def answer_text(answer: Answer) -> str:
    """An answer with the quotes that its marks name; a refusal with the nearest passages."""
    lines = [answer.text]
    if answer.understood:
        lines.append(f"（按“{answer.understood}”理解）")
    if answer.writing is not None:
        checked = f"已核对 {answer.writing.standing}/{answer.writing.figures} 个数字"
        lines.append(f"（{answer.writing.note or checked}）")
    for citations in _by_place(answer.citations):
        citation = citations[0]
        page = f"，第 {citation.page} 页" if citation.page else ""
        where = " › ".join((citation.document.metadata.title, *citation.heading))
        lines += [
            "",
            f"[{citation.marker}] {where}（{citation.document.name}{page}）",
            f"    {' / '.join(f'“{one.quote}”' for one in citations)}",
        ]
    if answer.status.refuses:
        for evidence in answer.evidence[:3]:
            hit = evidence.hit
            lines += [
                "",
                " › ".join((hit.document.metadata.title, *hit.passage.heading)),
                f"    {hit.passage.text}",
            ]
    return "\n".join(lines)


def _by_place(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of one marker and passage together, in the order of their firsts."""
    groups: dict[tuple[int, int, int], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.marker, citation.document.id, citation.passage.start), []).append(citation)
    return list(groups.values())


def hits_text(hits: Sequence[Hit]) -> str:
    """The passages of a search, each with where it stands and how it was found."""
    if not hits:
        return "没有找到段落。"
    lines: list[str] = []
    for rank, hit in enumerate(hits, start=1):
        where = " › ".join((hit.document.metadata.title, *hit.passage.heading))
        ranks = f"词 {hit.term_rank or '—'}，向量 {hit.vector_rank or '—'}"
        lines += [
            f"{rank}. {where}（{hit.document.name}；{hit.score:.3f}；{ranks}）",
            f"   {hit.passage.text}",
            "",
        ]
    return "\n".join(lines).rstrip()
