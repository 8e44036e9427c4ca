"""Questions and windows → judgements: the odds that a window answers, and where in it.

The judge shares the encoder's embeddings where that is the default one; with another encoder it loads them by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.answering.judge.windows import Window
from kb.chinese.lexicon import read_lexicon
from kb.search.encoder import DEFAULT, Encoder, encoder_name
from kb.search.intent import outside
from kb.search.query import QueryPlan
from kb.search.wording.clauses import is_branch

if TYPE_CHECKING:
    from kb.answering.judge.network import Network

FILE = Path(__file__).with_name("judge.npz")
DIGEST = "b5ecdc0d3819ea330949e5327cc2d56a17988218a168bab70f53b2c33f023e8e"
_LEXICON = read_lexicon(__name__)
_COMPARING = _LEXICON["comparing"]
_NOTHING = -10.0  # log odds of words that are not there
_LOADING = threading.Lock()
_REMEMBERED = 128  # questions with their windows
_TOGETHER = 3  # windows of like length that are judged in one pass


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of one window."""

    window: Window
    odds: float  # log odds that it answers
    tokens: tuple[tuple[int, int, float], ...]  # of the document: start, end, log odds that the words there answer

    @property
    def best_words(self) -> float:
        """The best log odds of its tokens."""
        return max((odds for *_, odds in self.tokens), default=_NOTHING)

    def odds_of(self, start: int, end: int) -> float:
        """The best log odds of the tokens within a span of the document; those of nothing where it has none."""
        return max(
            (odds for first, last, odds in self.tokens if first < end and start < last),
            default=min(_NOTHING, self.best_words),
        )


def question_words(plan: QueryPlan) -> str:
    """The question without the years, issuers and documents that it names: these are not judged.

    One that goes on from another stands behind what it has of that other's matter, not behind what that one asked. One of several
    parts is asked without what compares them.
    """
    if plan.continues is None or is_branch(plan.asked.text):
        words = outside(plan.standalone.folded, plan.scope.spans)
    else:
        matter = [term for term in plan.terms if term in plan.context]
        words = " ".join((*matter, outside(plan.asked.folded, plan.asked.scope.spans)))
    if len(plan.scope.parts) > 1:
        words = _COMPARING.sub(" ", words)
    return " ".join(words.split()).lstrip(",，、 ")


class Judge:
    """Judges windows. Threads may share it; it is loaded by whichever needs it first."""

    def __init__(self, encoder: Encoder, path: Path = FILE, digest: str | None = DIGEST) -> None:
        """`encoder` gives its embeddings, where it is the default one."""
        self._encoder, self._path, self._digest = encoder, path, digest

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judgement]:
        """A judgement for each window, in their order. Raises EncoderError where the judge cannot be loaded."""
        return list(self._loaded().remembered(question, tuple(windows))) if windows else []

    def load(self) -> None:
        """Load the judge now, so that the first question does not wait for it. Raises EncoderError."""
        self._loaded()

    def _loaded(self) -> _Loaded:
        own = self._encoder if self._encoder.name == encoder_name(DEFAULT) else _default_encoder()
        with _LOADING:
            return _load(own, self._path, self._digest)


class _Loaded:
    """A judge in memory: one for all who ask with the same encoder."""

    def __init__(self, network: Network, tokenizer: Any, *, begin: int, end: int, padding: int) -> None:
        self.network, self.tokenizer = network, tokenizer
        self.begin, self.end, self.padding = begin, end, padding
        # A question is asked again when a chip is checked, a part is joined, or a turn goes on from it.
        self.remembered = lru_cache(maxsize=_REMEMBERED)(self.judge)

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judgement]:
        import torch

        from kb.answering.judge.network import batch, pair

        texts = [question, *(window.context for window in windows), *(window.shown for window in windows)]
        asked, *encoded = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        contexts, shown = encoded[: len(windows)], encoded[len(windows) :]
        pairs = [
            pair(asked.ids, context.ids, words.ids, begin=self.begin, end=self.end)
            for context, words in zip(contexts, shown, strict=True)
        ]
        order = sorted(range(len(pairs)), key=lambda place: len(pairs[place].ids))
        judged: dict[int, Judgement] = {}
        for first in range(0, len(order), _TOGETHER):
            run = order[first : first + _TOGETHER]
            with torch.inference_mode():
                whole, token = self.network(*batch([pairs[place] for place in run], self.padding))
            for row, place in enumerate(run):
                window, start = windows[place], pairs[place].start
                shift = window.start - len(window.lead)
                odds = token[row, start : len(pairs[place].ids) - 1].tolist()
                tokens = tuple(
                    (begin + shift, end + shift, value)
                    for (begin, end), value in zip(shown[place].offsets, odds, strict=False)
                    if begin + shift >= window.start
                )
                judged[place] = Judgement(window, float(whole[row]), tokens)
        return [judged[place] for place in range(len(windows))]


@cache
def _default_encoder() -> Encoder:
    """The default encoder, for those who search with another: it is loaded once."""
    return Encoder(DEFAULT)


@lru_cache(maxsize=2)
def _load(encoder: Encoder, path: Path, digest: str | None) -> _Loaded:
    """The judge with the embeddings of `encoder`, which is the default one."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.initialization import no_init_weights

    from kb.answering.judge import weights
    from kb.answering.judge.network import Network
    from kb.search.encoder import bert_of

    tensors, sizes = weights.read(path, digest)
    shared, tokenizer = bert_of(encoder)
    config = BertConfig(**(shared.config.to_dict() | {"num_hidden_layers": sizes["layers"]}))
    with no_init_weights(), torch.device("meta"):
        body = BertModel(config, add_pooling_layer=False)
        network = Network(body)
    base = {
        f"body.{name}": tensor.numpy() for name, tensor in shared.state_dict().items() if name.startswith("encoder.")
    }
    given = {name: torch.from_numpy(tensor) for name, tensor in weights.with_base(tensors, base).items()}
    body.embeddings = shared.embeddings
    for number in range(sizes["shared"]):
        body.encoder.layer[number] = shared.encoder.layer[number]
    network.load_state_dict(given, strict=False, assign=True)
    network.eval()
    begin, end, padding = (tokenizer.get_vocab()[token] for token in ("<s>", "</s>", "<pad>"))
    return _Loaded(network, tokenizer, begin=begin, end=end, padding=padding)
