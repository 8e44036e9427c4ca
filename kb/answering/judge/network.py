"""A cross-encoder on layers of multilingual-e5-small: a question and a window → log odds that the window answers.

The embeddings and the first layers are those of the encoder, shared with it; those above were trained (training/), and so were
two heads: one for the whole window, one for each of its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import BertModel

QUESTION_TOKENS = 64
CONTEXT_TOKENS = 48
TOKENS = 320  # of a pair; what is longer is cut at its end
_HIDDEN = 256
_NOTHING = -3.0  # log odds that a token starts from


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with a window, as tokens."""

    ids: NDArray[np.int32]
    start: int  # of the window's own tokens


class Network(nn.Module):
    """BERT with two heads. It holds the body that it is given, so that layers may be shared."""

    def __init__(self, body: BertModel) -> None:
        super().__init__()
        self.body = body
        width = body.config.hidden_size
        self.whole = nn.Sequential(nn.Linear(3 * width, _HIDDEN), nn.GELU(), nn.Linear(_HIDDEN, 1))
        self.token = nn.Linear(width, 1)
        nn.init.constant_(self.token.bias, _NOTHING)

    def forward(self, ids: Tensor, mask: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """Log odds of shape (pairs,) and (pairs, tokens).

        ids, mask, own: shape (pairs, tokens); `mask` is 1 for tokens, `own` 1 for those of the window.
        """
        states = self.body(ids, attention_mask=mask).last_hidden_state.float()
        kept = own[..., None].float()
        mean = (states * kept).sum(1) / kept.sum(1).clamp(min=1)
        most = (states - 1e4 * (1 - kept)).max(1).values
        whole: Tensor = self.whole(torch.cat([states[:, 0], mean, most], -1))
        token: Tensor = self.token(states)
        return whole[:, 0], token[..., 0]


def pair(question: Sequence[int], context: Sequence[int], window: Sequence[int], *, begin: int, end: int) -> Pair:
    """`<s> question </s> context </s> window </s>`; of a long question its end counts, where people ask."""
    head = [begin, *question[-QUESTION_TOKENS:], end, *context[:CONTEXT_TOKENS], end]
    ids = [*head, *window[: TOKENS - len(head) - 1], end]
    return Pair(np.array(ids, np.int32), len(head))


def batch(pairs: Sequence[Pair], padding: int) -> tuple[Tensor, Tensor, Tensor]:
    """Pairs → the arguments of `Network.forward`."""
    longest = max(len(one.ids) for one in pairs)
    ids = np.full((len(pairs), longest), padding, np.int64)
    mask = np.zeros((len(pairs), longest), np.int64)
    own = np.zeros((len(pairs), longest), np.float32)
    for row, one in enumerate(pairs):
        ids[row, : len(one.ids)] = one.ids
        mask[row, : len(one.ids)] = 1
        own[row, one.start : len(one.ids) - 1] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(own)


def trained(network: Network, shared: int) -> dict[str, Any]:
    """The tensors that are not the encoder's, by name."""
    own = [f"body.encoder.layer.{number}." for number in range(shared, network.body.config.num_hidden_layers)]
    return {
        name: tensor for name, tensor in network.state_dict().items() if name.startswith(("whole.", "token.", *own))
    }
