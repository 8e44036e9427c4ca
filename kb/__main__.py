"""python -m kb ask | search | documents | evaluate | mcp | doctor | accounts: the reading side on the command line."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import KnowledgeBase
from kb.admin.commands import add_parser as add_accounts
from kb.errors import EvaluationError, QuestionError, WenzhengError
from kb.settings import Settings, read_settings

if TYPE_CHECKING:
    from kb.evaluation.jsonl import QuestionLine
    from kb.evaluation.lines import GivenAnswer, KnownQuestion

_NUM_HITS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 1 where it or a question of a batch failed; exits with 2 on wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        return int(options.run(options, settings, options.data or settings.data))
    except WenzhengError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹（默认取 WENZHENG_DATA，即 data）")
    shared.add_argument("--json", action="store_true", help="结果写成 JSON")
    asking = argparse.ArgumentParser(add_help=False)
    asking.add_argument("question", nargs="?", help="问题")
    asking.add_argument("--batch", type=Path, metavar="QUESTIONS.jsonl", help="从文件读取问题，每行一个 JSON 对象")
    asking.add_argument("--output", type=Path, metavar="OUTPUT.jsonl", help="逐行写出结果的文件，与 --batch 同用")

    parser = argparse.ArgumentParser(prog="python -m kb", description="问政：向政府文件提问，回答附原文出处。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    ask = commands.add_parser("ask", parents=[asking, shared], help="提问，得到附出处的回答")
    ask.add_argument("--no-model", action="store_true", help="不用语言模型，即使已经设置")
    ask.set_defaults(run=_ask, parser=ask)
    search = commands.add_parser("search", parents=[asking, shared], help="检索段落，不作回答")
    search.add_argument("--limit", type=int, default=_NUM_HITS, metavar="N", help=f"段落数（默认 {_NUM_HITS}）")
    search.set_defaults(run=_search, parser=search)
    documents = commands.add_parser("documents", parents=[shared], help="列出库中文件，或显示一份文件的全文")
    documents.add_argument("name", nargs="?", help="文件名；给出时显示它的全文，引文的起止位置按此文本计")
    documents.add_argument("--unsure", action="store_true", help="只列出题名、单位、地区或年份未能确定的文件")
    documents.add_argument("--all", action="store_true", help="也列出被取代和撤回的文件")
    documents.set_defaults(run=_documents)
    evaluate = commands.add_parser("evaluate", parents=[shared], help="用已知答案的题目评测回答")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="题目文件，每行一个 JSON 对象")
    evaluate.add_argument(
        "--documents", type=Path, metavar="DIR", help="存放原文件的文件夹，用来核对引文（默认用库中文件的文本）"
    )
    evaluate.add_argument(
        "--answers", type=Path, metavar="ANSWERS.jsonl", help="评判 ask --batch 已写出的回答，不另作答"
    )
    evaluate.add_argument("--html", type=Path, metavar="PAGE.html", help="另写一个网页，不引用外部资源")
    evaluate.set_defaults(run=_evaluate)
    mcp = commands.add_parser("mcp", parents=[shared], help="在标准输入输出上提供 MCP 服务，供本机的智能助手查询")
    mcp.add_argument("--no-model", action="store_true", help="不用语言模型，即使已经设置")
    mcp.set_defaults(run=_mcp)
    doctor = commands.add_parser("doctor", parents=[shared], help="检查编码器、语言模型、文件库与索引，并提示下一步")
    doctor.add_argument("--repair", action="store_true", help="由文件库重建索引，不需要编码器")
    doctor.set_defaults(run=_doctor)
    add_accounts(commands, shared)
    return parser


# ask and search -----------------------------------------------------------------------------------------------


def _ask(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.answering.refusals import error
    from kb.chat.json_fields import answer_fields
    from kb.chat.printing import answer_text
    from kb.types import Status

    _check_usage(options)
    with KnowledgeBase.open(data, settings=settings, use_model=not options.no_model) as knowledge:
        knowledge.warm_up()
        if options.question is not None:
            answer = knowledge.ask(options.question)
            print(_json(answer_fields(None, answer)) if options.json else answer_text(answer))
            return 1 if answer.status.is_error else 0

        def respond(line: QuestionLine | QuestionError, id_: str) -> dict[str, Any]:
            if isinstance(line, QuestionError):
                return answer_fields(id_, error(Status.ERROR_QUESTION, line))
            return answer_fields(id_, knowledge.ask(line.question, line.history))

        failed = _run_batch(options, respond, lambda fields: fields["status"].startswith("error"))
    return 1 if failed else 0


def _search(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.chat.json_fields import search_fields
    from kb.chat.printing import hits_text

    _check_usage(options)
    if options.limit < 1:
        options.parser.error("--limit 应为 1 或更大的整数")
    knowledge = KnowledgeBase.open(data, settings=settings, use_model=False)
    if options.question is not None:
        hits = knowledge.search(options.question, limit=options.limit)
        print(_json(search_fields(None, hits)) if options.json else hits_text(hits))
        return 0

    def respond(line: QuestionLine | QuestionError, id_: str) -> dict[str, Any]:
        try:
            if isinstance(line, QuestionError):
                raise line
            hits = knowledge.search(line.question, line.history, limit=options.limit)
        except QuestionError as reason:
            return {**search_fields(id_, ()), "error": str(reason)}
        return search_fields(id_, hits)

    failed = _run_batch(options, respond, lambda fields: "error" in fields)
    return 1 if failed else 0


def _check_usage(options: argparse.Namespace) -> None:
    if (options.question is None) == (options.batch is None):
        options.parser.error('请给出一个问题，或用 --batch 读取问题文件；例：python -m kb ask "组织学法多少次？"')
    if (options.batch is None) != (options.output is None):
        options.parser.error("--batch 与 --output 须一起使用")


def _run_batch(
    options: argparse.Namespace,
    respond: Callable[[QuestionLine | QuestionError, str], dict[str, Any]],
    failed: Callable[[dict[str, Any]], bool],
) -> int:
    """Answer a file of questions under a progress bar; returns how many lines failed."""
    from tqdm import tqdm

    from kb.evaluation.jsonl import read_lines, write_lines

    lines = read_lines(options.batch)
    failures = 0

    def responses() -> Iterator[dict[str, Any]]:
        nonlocal failures
        for id_, line in tqdm(lines, disable=None):
            fields = respond(line, id_)
            failures += failed(fields)
            yield fields

    write_lines(options.output, responses())
    return failures


# evaluate ------------------------------------------------------------------------------------------------------


def _evaluate(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.evaluation import evaluate
    from kb.evaluation.documents import CatalogueTexts, FolderTexts, Texts
    from kb.evaluation.lines import read_answers, read_questions
    from kb.evaluation.page import write_page

    questions = read_questions(options.questions)
    documents: Texts
    if options.documents is not None:
        documents = FolderTexts(options.documents)
    elif (data / "catalogue.sqlite3").is_file():
        documents = CatalogueTexts(KnowledgeBase.open(data, settings=settings, use_model=False).retriever.catalogue)
    else:
        raise EvaluationError(f"{data} 中还没有文件；请先导入，或用 --documents 给出存放原文件的文件夹。")
    if options.answers is not None:
        answers = read_answers(options.answers, questions)
    else:
        answers = _answers_to(questions, settings, data)
    report = evaluate(questions, answers, documents)
    print(_json(report.fields()) if options.json else report)
    if options.html is not None:
        write_page(options.html, report, title=options.questions.name)
    return 1 if report.has_errors else 0


def _answers_to(questions: Sequence[KnownQuestion], settings: Settings, data: Path) -> dict[str, GivenAnswer]:
    """Answer each question, under a progress bar."""
    from tqdm import tqdm

    from kb.chat.json_fields import answer_fields
    from kb.evaluation.lines import given_answer

    knowledge = KnowledgeBase.open(data, settings=settings, use_model=False)
    knowledge.warm_up()
    return {
        question.id: given_answer(answer_fields(question.id, knowledge.ask(question.text, question.history)))
        for question in tqdm(questions, disable=None)
    }


# mcp -----------------------------------------------------------------------------------------------------------


def _mcp(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.chat.ask import Responder
    from kb.chat.journal import Journal
    from kb.chat.pins import Pins
    from kb.web.inquiry import Inquiry, answers_by
    from kb.web.mcp import build_server

    with contextlib.ExitStack() as opened:
        knowledge = opened.enter_context(KnowledgeBase.open(data, settings=settings, use_model=not options.no_model))
        knowledge.warm_up()
        # One assistant on this machine is not counted.
        inquiry = Inquiry(knowledge.retriever, question_characters=settings.question_characters, asks_a_minute=0)
        journal = Journal(data / "journal.sqlite3", days=settings.journal_days)
        opened.callback(journal.close)
        pins = Pins(data / "pins.sqlite3")
        opened.callback(pins.close)
        responder = Responder(knowledge.writer, journal, pins)
        build_server(inquiry, answers_by(responder, "mcp")).run("stdio")
    return 0


# documents and doctor ------------------------------------------------------------------------------------------


def _documents(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.chat.json_fields import document_fields
    from kb.chat.printing import document_text
    from kb.search.gazetteer import unsure

    knowledge = KnowledgeBase.open(data, settings=settings, use_model=False)
    documents = standing = knowledge.documents()
    if options.name is not None and standing:
        catalogue = knowledge.retriever.catalogue
        for document in catalogue.named(options.name):
            text = catalogue.text(document.id)
            print(_json({**document_fields(document), "text": text}) if options.json else text)
        return 0
    if options.all and standing:
        documents = knowledge.retriever.catalogue.all_documents()
    if options.unsure:
        documents = [document for document in documents if unsure(document)]
    if options.json:
        for document in documents:
            print(_json(document_fields(document)))
    elif documents:
        print("\n".join(map(document_text, documents)))
        print(f"共 {len(documents)} 份文件")
    elif options.unsure and standing:
        print("没有未能确定的文件。")
    else:
        print(f"{data} 中还没有文件。请先导入：python -m ingest 文件夹 --data {data}")
    return 0


def _doctor(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.admin.diagnosis import examine, repair

    if options.repair:
        repair(data, settings.encoder)
    findings = examine(settings, data)
    if options.json:
        print(
            _json(
                {
                    "healthy": all(finding.healthy for finding in findings),
                    "findings": [finding.fields() for finding in findings],
                }
            )
        )
    else:
        print("\n".join(map(str, findings)))
    return 0 if all(finding.healthy for finding in findings) else 1


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
