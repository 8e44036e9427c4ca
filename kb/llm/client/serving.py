"""The process that serves a GGUF file by xllamacpp; `kb.llm.client.local` starts it by its path.

    an order (one line of JSON on standard input) → the model is loaded → READY and the address → until the input ends

It imports nothing of ours, so that it starts quickly and from any folder.
"""

from __future__ import annotations

import ctypes
import json
import os
import pathlib
import signal
import sys

# What it ends with where the library is not there, and where the file cannot be loaded.
NO_LIBRARY = 3
NOT_LOADED = 4

_BATCH = 128

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve until standard input ends."""
    _die_with_parent()
    order = json.loads(sys.stdin.readline())
    try:
        import xllamacpp
    except ImportError as error:
        print(error, flush=True)
        return NO_LIBRARY

    params = xllamacpp.CommonParams()
    params.model.path = order["file"]
    params.model_alias = {order["name"]}
    params.n_ctx = order["context"]
    params.port = 0  # any that is free
    params.api_keys = [order["key"]]
    # One after the other: each has the whole context, and finds the head of its prompt in the cache.
    params.n_parallel = 1
    params.cache_prompt = True
    # Prompts of other questions are not kept: the default keeps up to 8 GiB of them.
    params.cache_ram_mib = 0
    # A request that its asker has closed ends between two batches of its prompt. Of 128 tokens, the process was quiet
    # after 1.2 s; of the 2048 that are the default, after 12 s and more. The prompt takes as long with either.
    params.n_batch = params.n_ubatch = _BATCH
    # A model that thinks first takes minutes to on a small machine.
    params.enable_reasoning = 0
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = 1  # errors
    # Threads wait for each other after every step, spinning. With both cores of two busy with other work, answers came
    # at 1.3 tokens a second on two threads and at 13.6 on one; with nothing beside them, at 38 and at 27. The prompt's
    # steps are long, so it may take all cores.
    params.cpuparams_batch.n_threads = _num_cores()
    params.cpuparams.n_threads = max(1, _num_cores() - 1)
    try:
        server = xllamacpp.Server(params)
    except (RuntimeError, ValueError) as error:
        print(error, flush=True)
        return NOT_LOADED
    print(f"READY {server.listening_address}/v1", flush=True)
    sys.stdin.read()
    os._exit(0)  # An orderly end would wait for the answer under way.


def _num_cores() -> int:
    """The cores that we may use; two threads of one core are one, for they share what multiplies."""
    cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    siblings = [pathlib.Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") for cpu in cpus]
    cores: float = len({path.read_text(encoding="ascii") if path.exists() else path for path in siblings})
    try:
        quota, period = pathlib.Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, int(quota) / int(period))
    except (OSError, ValueError):  # No such limit here, or "max".
        pass
    return max(1, int(cores))


def _die_with_parent() -> None:
    """While a model is loaded no thread of Python runs to see the input end; Linux can see to it by itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
