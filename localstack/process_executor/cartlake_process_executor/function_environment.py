"""The environment variables and folders a function sees."""

import os
from pathlib import Path

from localstack.services.lambda_.invocation.lambda_models import ArchiveCode, FunctionVersion

from .node_process import RUNTIME_CLIENT, node_executable

SERVER_ID = "CARTLAKE_LOCALSTACK_ID"
"""Set by whoever starts LocalStack and inherited by all it starts, so that nothing of it is left behind."""


def archives_of(version: FunctionVersion) -> list[ArchiveCode]:
    """The function's own code first, then its layers."""
    settings = version.config
    return [code for code in (settings.code, *(layer.code for layer in settings.layers)) if code is not None]


def complete_environment(given: dict[str, str], version: FunctionVersion, folder: Path) -> dict[str, str]:
    """LocalStack's variables, with what differs from a container. Creates the private temporary folder."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    task_root, *layers = (code.get_unzipped_code_location() for code in archives_of(version))
    return {name: str(value) for name, value in given.items()} | {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{version.config.runtime}",
        "HOME": str(folder),
        "LAMBDA_RUNTIME_DIR": str(RUNTIME_CLIENT.parent),
        "LAMBDA_TASK_ROOT": str(task_root),
        "NODE_PATH": os.pathsep.join(str(layer / "nodejs" / "node_modules") for layer in layers),
        "PATH": os.pathsep.join([str(Path(node_executable() or "node").parent), os.defpath]),
        "TMPDIR": str(temporary),
        SERVER_ID: os.environ.get(SERVER_ID, ""),
    }
