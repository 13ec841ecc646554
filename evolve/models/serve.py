"""A child process that serves one GGUF file on loopback: run as a script, never imported.

It reads its orders as one line of JSON from standard input, answers with one line of JSON on
standard output (`address`, or `error`), and serves until standard input ends. So it dies with its
parent however that dies: the kernel closes the pipe. (A parent-death signal would not do: it
fires when the *thread* that started the child ends, and samplers are threads.)
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serves until the parent closes standard input."""
    orders = json.loads(sys.stdin.readline())
    parent = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever llama.cpp prints goes to the log, not to the parent
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = orders["path"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any that is free
    params.api_keys = [orders["key"]]
    # One thread: two of them spin beside busy trainers and run ten times slower.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.n_parallel = 1
    params.n_threads_http = 2
    params.n_ctx = orders["window"]
    params.cache_ram_mib = 0  # the prompts of a run differ: keep no more than the last
    params.n_gpu_layers = 0
    params.ui = False
    params.verbosity = orders["verbosity"]
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        print(json.dumps({"error": str(error)}), file=parent, flush=True)
        return
    print(json.dumps({"address": server.listening_address}), file=parent, flush=True)
    sys.stdin.read()
    os._exit(0)  # nothing to save, and a reply under way need not be finished


if __name__ == "__main__":
    main()
