"""Takes waits and repeated work out of LocalStack's Step Functions; what a machine does stays the same."""

import os
import time
from functools import lru_cache
from types import SimpleNamespace

from localstack.runtime import hooks

RETRY_WAITS = "CARTLAKE_RETRY_WAITS"
"""What remains of the waits before a state is tried again: tests say 0.1. Without it they are what the machine says."""


@hooks.on_infra_start()
def remember_paths() -> None:
    """
    A JSONPath is parsed once and not at each use: the parser makes its tables anew for each, which was a third of the
    processor time of an execution. Parsed paths hold no state.
    """
    from localstack.services.stepfunctions.asl.component.common.path import result_path
    from localstack.services.stepfunctions.asl.utils import json_path

    for module in (json_path, result_path):
        module.parse = lru_cache(maxsize=1024)(module.parse)  # type: ignore[attr-defined]


@hooks.on_infra_start()
def shorten_retry_waits() -> None:
    """Only where a test asks for it."""
    share = float(os.environ.get(RETRY_WAITS, "1"))
    if share == 1:
        return
    from localstack.services.stepfunctions.asl.component.common.retry import retrier_decl

    retrier_decl.time = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds * share))  # type: ignore[assignment]
