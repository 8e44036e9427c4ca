"""What the desk says of evaluations."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "quality_advice": {
        "zh": "用已知答案的题目检验回答。题目文件每行一个 JSON 对象，字段见 docs/commands.md；引文在库中文件的文本里核对。",
        "en": "Try the answers on questions whose answers are known. Each line of the file is a JSON object (docs/commands.md); quotes are sought in the texts of the documents held.",
    },
    "quality_file": {
        "zh": "题目文件（.jsonl，不超过 2 MB）",
        "en": "File of questions (.jsonl, up to 2 MB)",
    },
    "quality_upload": {
        "zh": "上传并开始评测",
        "en": "Upload and evaluate",
    },
    "quality_set": {
        "zh": "已有的题目",
        "en": "Questions sent before",
    },
    "quality_set_of": {
        "zh": "{file}（{count} 题）",
        "en": "{file} ({count} questions)",
    },
    "quality_start": {
        "zh": "开始评测",
        "en": "Evaluate",
    },
    "quality_no_file": {
        "zh": "请选择一个题目文件。",
        "en": "Choose a file of questions.",
    },
    "quality_running": {
        "zh": "正在评测",
        "en": "Evaluating",
    },
    "quality_progress": {
        "zh": "已答 {done} / {total} 题",
        "en": "{done} of {total} questions answered",
    },
    "quality_refresh": {
        "zh": "刷新",
        "en": "Reload",
    },
    "quality_stop": {
        "zh": "停止",
        "en": "Stop",
    },
    "quality_trials": {
        "zh": "历次评测",
        "en": "Evaluations",
    },
    "quality_none": {
        "zh": "还没有评测过。",
        "en": "Nothing was evaluated yet.",
    },
    "quality_when": {
        "zh": "时间",
        "en": "When",
    },
    "quality_questions": {
        "zh": "题目",
        "en": "Questions",
    },
    "quality_who": {
        "zh": "由谁开始",
        "en": "Begun by",
    },
    "quality_state": {
        "zh": "状态",
        "en": "State",
    },
    "quality_state_running": {
        "zh": "进行中",
        "en": "Running",
    },
    "quality_state_done": {
        "zh": "完成",
        "en": "Done",
    },
    "quality_state_stopped": {
        "zh": "已停止",
        "en": "Stopped",
    },
    "quality_state_failed": {
        "zh": "失败",
        "en": "Failed",
    },
    "quality_against": {
        "zh": "与 {when} 的评测相比",
        "en": "Against the evaluation of {when}",
    },
    "quality_first": {
        "zh": "这组题目第一次评测，没有可比的结果。",
        "en": "The first evaluation of these questions; there is nothing to compare with.",
    },
    "quality_measure": {
        "zh": "指标",
        "en": "Measure",
    },
    "quality_now": {
        "zh": "这次",
        "en": "Now",
    },
    "quality_before": {
        "zh": "上次",
        "en": "Before",
    },
    "quality_better": {
        "zh": "变好",
        "en": "better",
    },
    "quality_worse": {
        "zh": "变差",
        "en": "worse",
    },
    "quality_same": {
        "zh": "—",
        "en": "—",
    },
    "quality_kinds": {
        "zh": "分类",
        "en": "By kind",
    },
    "quality_kind": {
        "zh": "类别",
        "en": "Kind",
    },
    "quality_column_questions": {
        "zh": "题数",
        "en": "Questions",
    },
    "quality_column_right": {
        "zh": "答对",
        "en": "Right",
    },
    "quality_column_refused": {
        "zh": "未作答",
        "en": "Refused",
    },
    "quality_column_wrong_figure": {
        "zh": "数字有误",
        "en": "Wrong figure",
    },
    "quality_column_errors": {
        "zh": "出错",
        "en": "Errors",
    },
    "quality_failures": {
        "zh": "有问题的回答（{count} 题）",
        "en": "Answers with a fault ({count})",
    },
    "quality_new": {
        "zh": "新出现",
        "en": "new",
    },
    "quality_mended": {
        "zh": "上次有问题、这次没有的：{ids}",
        "en": "Faulty before and not now: {ids}",
    },
    "quality_no_failures": {
        "zh": "没有。",
        "en": "None.",
    },
    "quality_question": {
        "zh": "问题",
        "en": "Question",
    },
    "quality_gold": {
        "zh": "应有内容",
        "en": "Expected",
    },
    "quality_unanswerable": {
        "zh": "不可回答，应当不作答",
        "en": "Not answerable; it should be refused",
    },
    "quality_trap": {
        "zh": "不得出现",
        "en": "Must not stand in it",
    },
    "quality_missing": {
        "zh": "缺少",
        "en": "Missing",
    },
    "quality_untraced": {
        "zh": "不在引文里的数字",
        "en": "Figures in no quote",
    },
    "quality_answer": {
        "zh": "回答",
        "en": "Answer",
    },
    "quality_false_quotes": {
        "zh": "不在文件里的引文",
        "en": "Quotes that stand in no document",
    },
    "quality_measure_questions": {
        "zh": "题数",
        "en": "Questions",
    },
    "quality_measure_accuracy": {
        "zh": "可回答的题：答对",
        "en": "Answerable: right",
    },
    "quality_measure_false_refusal": {
        "zh": "可回答的题：未作答",
        "en": "Answerable: refused",
    },
    "quality_measure_refusal": {
        "zh": "不可回答的题：未作答（应当如此）",
        "en": "Not answerable: refused (as it should be)",
    },
    "quality_measure_wrong_figure": {
        "zh": "数字有误",
        "en": "Wrong figure",
    },
    "quality_measure_untraced": {
        "zh": "已作答：有数字不在引文里",
        "en": "Answered: a figure in no quote",
    },
    "quality_measure_false_quote": {
        "zh": "已作答：有引文不在文件里",
        "en": "Answered: a quote in no document",
    },
    "quality_measure_uncited": {
        "zh": "已作答：没有引文",
        "en": "Answered: without a quote",
    },
    "quality_measure_supported": {
        "zh": "答对的题：引文含有全部应有内容",
        "en": "Right: the quotes hold all that is expected",
    },
    "quality_measure_errors": {
        "zh": "出错的题数",
        "en": "Errors",
    },
    "quality_measure_median_seconds": {
        "zh": "用时的中位数（秒）",
        "en": "Median seconds",
    },
    "quality_measure_p95_seconds": {
        "zh": "九成五的题不超过（秒）",
        "en": "95th percentile, seconds",
    },
    "quality_measure_evidence_held": {
        "zh": "可回答的题：依据段落含有全部应有内容",
        "en": "Answerable: the passages hold all that is expected",
    },
    "quality_measure_evidence_outside": {
        "zh": "可回答的题：有依据段落来自别的文件",
        "en": "Answerable: a passage of another document",
    },
    "quality_fault_error": {
        "zh": "出错",
        "en": "error",
    },
    "quality_fault_false_refusal": {
        "zh": "可答而未答",
        "en": "refused although answerable",
    },
    "quality_fault_false_answer": {
        "zh": "不可答而答了",
        "en": "answered although not answerable",
    },
    "quality_fault_incomplete": {
        "zh": "缺少应有内容",
        "en": "incomplete",
    },
    "quality_fault_trapped": {
        "zh": "含已知的错误",
        "en": "a known mistake",
    },
    "quality_fault_wrong_figure": {
        "zh": "数字有误",
        "en": "wrong figure",
    },
    "quality_fault_untraced": {
        "zh": "数字不在引文里",
        "en": "a figure in no quote",
    },
    "quality_fault_false_quote": {
        "zh": "引文不在文件里",
        "en": "a quote in no document",
    },
    "quality_fault_uncited": {
        "zh": "没有引文",
        "en": "without a quote",
    },
    "quality_fault_unsupported": {
        "zh": "引文不含应有内容",
        "en": "the quotes do not hold what is expected",
    },
    "act_evaluation_start": {
        "zh": "开始评测",
        "en": "began an evaluation",
    },
    "act_evaluation_stop": {
        "zh": "停止评测",
        "en": "stopped an evaluation",
    },
}
