"""Brings S3 in line with AWS where pipelines notice the difference, and its files into the state folder."""

import json
import tempfile
import time
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from localstack.runtime import hooks

if TYPE_CHECKING:
    from localstack.services.s3.notifications import EventBridgeNotifier, S3EventNotificationContext


@hooks.on_infra_start()
def match_s3_to_aws() -> None:
    """Runs once, before the first request."""
    from localstack.services.s3 import notifications, provider

    keep_objects_in(provider, f"{tempfile.gettempdir()}/s3")
    correct_events(notifications.EventBridgeNotifier)


def keep_objects_in(provider: ModuleType, folder: str) -> None:
    """Objects above half a megabyte are files; their folder is a constant that servers on one machine would share."""
    provider.DEFAULT_S3_TMP_DIR = folder  # type: ignore[attr-defined]


def correct_events(notifier: "type[EventBridgeNotifier]") -> None:
    """
    EventBridge events carry the key as it is (only notifications sent straight to queues and functions encode it),
    the bare name of the request as the reason, and a sequencer that grows, which orders the events of one key:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    original = notifier._get_event_payload

    def corrected(context: "S3EventNotificationContext", config_id: str = "") -> dict[str, Any]:
        entry: dict[str, Any] = dict(original(replace(context, key_name=unquote(context.key_name)), config_id))
        detail = json.loads(entry["Detail"])
        if "sequencer" in detail.get("object", {}):
            detail["object"]["sequencer"] = f"{time.time_ns():018X}"
        if "reason" in detail:
            detail["reason"] = detail["reason"].removeprefix("s3:ObjectCreated:")
        return {**entry, "Detail": json.dumps(detail)}

    notifier._get_event_payload = staticmethod(corrected)  # type: ignore[assignment,method-assign]
