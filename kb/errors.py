"""Errors that a person meets; every message is in Chinese and says what to do next.

    WenzhengError
    ├── SettingsError       a setting is unknown or has a value that cannot be used
    ├── QuestionError       a question cannot be asked as it was given
    ├── CatalogueError      the catalogue cannot be opened, read or written
    │   └── LockedError     another process is ingesting into the same data folder
    ├── StoreError          a file beside the catalogue (accounts, journal, …) cannot be opened, read or written
    ├── IndexBrokenError    no generation of the index can be opened
    ├── EncoderError        the encoder cannot be loaded or used
    │   └── OtherEncoderError   the index was made with another encoder
    ├── ModelError          the language model gave no answer that can be used
    │   ├── ModelDownError      it cannot be reached, refuses, or its process ended
    │   ├── ModelSlowError      it did not speak, or did not finish, in time
    │   └── ModelBrokenError    what it sent is empty, cut off, too long, or not the protocol
    ├── EvaluationError     a file of questions, of answers or of documents cannot be judged by
    └── RefusedError        a file cannot be read; it is named and left out

The shape follows httpx (`_exceptions.py`): one root to catch, the tree drawn where it is defined.
"""

from __future__ import annotations


class WenzhengError(Exception):
    """Root of every error that the software raises on purpose."""


class SettingsError(WenzhengError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(WenzhengError):
    """A question cannot be asked as it was given: empty, too long, or not text."""


class CatalogueError(WenzhengError):
    """The catalogue cannot be opened, read or written."""


class LockedError(CatalogueError):
    """Another process is ingesting into the same data folder."""


class StoreError(WenzhengError):
    """A file beside the catalogue (accounts, journal, pins, …) cannot be opened, read or written."""


class IndexBrokenError(WenzhengError):
    """No generation of the index can be opened."""


class EncoderError(WenzhengError):
    """The encoder cannot be loaded or used."""


class OtherEncoderError(EncoderError):
    """The index was made with another encoder than the one that is set."""


class ModelError(WenzhengError):
    """The language model gave no answer that can be used; the key of the service is never in the message."""


class ModelDownError(ModelError):
    """The language model cannot be reached, refuses the request, or its process ended."""


class ModelSlowError(ModelError):
    """The language model did not speak, or did not finish, within the seconds that are set."""


class ModelBrokenError(ModelError):
    """What the language model sent is empty, cut off, without end, or not the OpenAI chat protocol."""


class EvaluationError(WenzhengError):
    """A file of questions, of answers or of documents cannot be judged by."""


class RefusedError(WenzhengError):
    """A file cannot be read; the message is the reason that the ingest report shows."""
