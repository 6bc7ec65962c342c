"""Kinesis is a Node.js server of its own (kinesis-local) that opens two ports to the network, with no setting."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from localstack.runtime import hooks
from localstack.utils.patch import patch

Command = tuple[list[Any], dict[str, Any]]

PRELOAD = Path(__file__).with_name("listen_on_loopback.mjs")


@hooks.on_infra_start()
def keep_kinesis_on_loopback() -> None:
    """Makes each kinesis-local load a few lines first that pin its listeners to 127.0.0.1."""
    from localstack.services.kinesis.kinesis_mock_server import KinesisMockNodeServer

    @patch(KinesisMockNodeServer._create_shell_command)
    def with_preload(original: Callable[[KinesisMockNodeServer], Command], server: KinesisMockNodeServer) -> Command:
        (node, *arguments), environment = original(server)
        return [node, "--import", str(PRELOAD), *arguments], environment
