"""Errors that a person meets; every message says what to do next, in Chinese, and in English where the desk shows it.

    WenzhengError
    ├── SettingsError       a setting is unknown or has a value that cannot be used
    ├── QuestionError       a question cannot be asked as it was given
    ├── CatalogueError      the catalogue cannot be opened, read or written
    │   └── LockedError     another process is ingesting into the same data folder
    ├── DeskError           what an editor asked for cannot be done
    │   ├── CorrectionError     metadata that are not valid
    │   ├── RemovedDocumentError    a document that is not in the catalogue any more
    │   ├── FolderError         a folder of the server that may not be read, or is none
    │   └── UploadError         a file that is not taken: its name, its size, or no room for it
    ├── PinError            an answer cannot be pinned as it was given
    ├── StoreError          a file beside the catalogue (accounts, journal, …) cannot be opened, read or written
    ├── AccountError        an account cannot be made, changed or entered as asked
    │   └── LoginError          name and password do not go together
    │       └── LockedOutError      too many log-ins failed; it says how long to wait
    ├── IndexBrokenError    no snapshot of the index can be opened
    ├── EncoderError        the encoder cannot be loaded or used
    │   └── OtherEncoderError   the index was made with another encoder
    ├── ModelError          the language model gave no answer that can be used
    │   ├── ModelDownError      it cannot be reached, refuses, or its process ended
    │   ├── ModelSlowError      it did not speak, or did not finish, in time
    │   └── ModelBrokenError    what it sent is empty, cut off, too long, or not the protocol
    ├── UnknownDocumentError    there is no document with that id
    ├── HiddenDocumentError     a document was withdrawn or removed, so that its text is not shown
    ├── BusyError           too much is asked at once: later
    │   └── TooOftenError       one address asks too often
    ├── EvaluationError     a file of questions, of answers or of documents cannot be judged by
    └── RefusedError        a file cannot be read; it is named and left out

The shape follows httpx (`_exceptions.py`): one root to catch, the tree drawn where it is defined.
"""

from __future__ import annotations

import math


class WenzhengError(Exception):
    """Root of every error that the software raises on purpose; `english` is the message for pages in English."""

    def __init__(self, message: str = "", *, english: str = "") -> None:
        super().__init__(message)
        self.english = english or message


class SettingsError(WenzhengError):
    """A setting is unknown or has a value that cannot be used."""


class QuestionError(WenzhengError):
    """A question cannot be asked as it was given: empty, too long, or not text."""


class CatalogueError(WenzhengError):
    """The catalogue cannot be opened, read or written."""


class LockedError(CatalogueError):
    """Another process is ingesting into the same data folder."""


class DeskError(WenzhengError):
    """What an editor asked for cannot be done; the message says why and what to do."""


class CorrectionError(DeskError):
    """Metadata that are not valid: a year that is none, an empty title."""


class RemovedDocumentError(DeskError):
    """A document that is not in the catalogue, or not any more."""


class FolderError(DeskError):
    """A folder of the server that may not be read, or is none."""


class UploadError(DeskError):
    """A file that is not taken: its name, its size, or no room for it."""


class StoreError(WenzhengError):
    """A file beside the catalogue (accounts, journal, pins, …) cannot be opened, read or written."""


class PinError(WenzhengError):
    """An answer cannot be pinned as it was given; the message is the reason."""


class AccountError(WenzhengError):
    """An account cannot be made, changed or entered as asked."""


class LoginError(AccountError):
    """Name and password do not go together; the message does not say which of them is wrong.

    For the audit only: `known` is the account that was meant, or empty; `locks` tells whether it is locked from now on.
    """

    def __init__(self, *, known: str, locks: bool) -> None:
        super().__init__(
            "用户名或密码不对；请检查后再试。", english="Name or password is wrong; check both and try again."
        )
        self.known = known
        self.locks = locks


class LockedOutError(LoginError):
    """Too many log-ins failed, of this account or from this address."""

    def __init__(self, seconds: float) -> None:
        super().__init__(known="", locks=False)
        self.seconds = math.ceil(seconds)
        minutes = math.ceil(seconds / 60)
        self.args = (f"登录失败次数太多；请在 {minutes} 分钟后再试。",)
        self.english = f"Too many log-ins failed; try again in {minutes} minute{'s' * (minutes > 1)}."


class IndexBrokenError(WenzhengError):
    """No snapshot of the index can be opened."""


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


class UnknownDocumentError(WenzhengError):
    """There is no document with that id."""


class HiddenDocumentError(WenzhengError):
    """A document was withdrawn or removed, so that its text is not shown."""


class BusyError(WenzhengError):
    """Too much is asked at once; `seconds` says when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TooOftenError(BusyError):
    """One address asks too often."""


class EvaluationError(WenzhengError):
    """A file of questions, of answers or of documents cannot be judged by."""


class RefusedError(WenzhengError):
    """A file cannot be read; the message is the reason that the ingest report shows."""
