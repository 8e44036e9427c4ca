"""Invented documents, read as files are, and the readings of their passages, without an index."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.structure.passages import document_text, passages
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import TermWeights
from kb.answering.judge.belief import ChoiceWeights
from kb.answering.units.choice import by_prior
from kb.answering.units.reading import Reading, readings
from kb.search.gazetteer import Gazetteer
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Found
from kb.types import Block, Document, Hit, Metadata, Section

RULES = """# 云澜区夜渡管理办法

索引号：YD-0007

## 第一章 夜渡

第一条 申请夜渡许可应当提交下列材料：

（一）夜渡申请表；

（二）船员证件，包括：

1.驾驶证，有效期不少于90日；

2.救生证；

（三）船身照片。

第二条 夜渡码头由区水务局划定。

夜渡码头不得转让。

但是，直系亲属接手的除外。

第三条 夜渡停靠费如下：

| 序号 | 船型 | 停靠费 |
| --- | --- | --- |
| 1 | 画舫 | 每日90元 |
| 2 | 快艇 | 每日140元 |

第四条 夜渡的灯牌应当挂在船头。挂灯牌前，先由水手擦净：

灯牌照见水面的，方可开船。

第五条 夜渡客票按船龄收取。船龄不满3年的，收12元；船龄3年以上的，收8元。
"""
GUIDE = """# 夜航灯牌核准办事指南

索引号：LP-0003

发布日期：2024-03-01

## 一、申请材料

1. 灯牌图样
2. 船主身份证

## 二、灯牌收费

在二号窗口按图样收取。

## 三、灯牌押金

押金免交，凭身份证登记。
"""


# Of the tests' own, so that what they show does not hang on weights that are fitted anew; each best is right by one half.
_LEVEL = {"shared_pairs": 1.0, "pairs_in_focus": 2.0, "holds_kind": 1.0, "is_list": 1.0}
LEVEL = ChoiceWeights(prior=_LEVEL, score=_LEVEL, sureness={}, least=0.5)


@dataclass
class Held:
    """Documents of invented texts, each with the blocks that its file has; all that `readings` asks a corpus for."""

    blocks: dict[int, list[Block]]
    hits: tuple[Hit, ...]
    has_calibrated_likeness: bool = False

    def text_of(self, document: Document) -> str:
        return document_text(self.blocks[document.id])

    def sections_of(self, document: Document) -> tuple[Section, ...]:
        return sections(self.blocks[document.id])


def hold(*markdowns: str) -> Held:
    """The passages of the documents as hits, in order."""
    held = Held({}, ())
    hits: list[Hit] = []
    for number, markdown in enumerate(markdowns, start=1):
        held.blocks[number] = blocks = read_outlined(markdown.encode(), "a.md")
        document = Document(
            id=number,
            name=f"{number}.md",
            sources=(f"/{number}.md",),
            sha256="",
            made_by="1",
            metadata=Metadata(title=blocks[0].text),
            num_passages=1,
        )
        for passage in passages(blocks):
            hits.append(Hit(passage_id=len(hits) + 1, document=document, passage=passage, score=1 / (len(hits) + 1)))
    held.hits = tuple(hits)
    return held


def read(question: str, held: Held) -> tuple[QueryPlan, Found, list[Reading]]:
    """A question's plan, and its readings, best first by `LEVEL`; each of its terms tells as much."""
    documents = {hit.document.id: hit.document for hit in held.hits}
    plan = plan_query(question, (), Gazetteer(documents.values()))
    found = Found(part=plan.scope.parts[0], hits=held.hits, rejected=())
    corpus: Corpus = held  # type: ignore[assignment]
    return plan, found, by_prior(readings(plan, found, TermWeights(plan, lambda term: 2.0), corpus), LEVEL)
