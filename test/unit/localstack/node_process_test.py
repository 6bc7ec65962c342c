"""A real Node.js process behind the Runtime API; LocalStack is not needed. Started by process-executor.test.ts."""

import json
import os
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "localstack" / "process_executor"))

from cartlake_process_executor.conversation import Invocation, ProcessGone
from cartlake_process_executor.faults import FOLDER, take_fault
from cartlake_process_executor.node_process import NodeProcess
from cartlake_process_executor.outcome import MAX_RESPONSE_BYTES, Outcome
from cartlake_process_executor.output_log import OutputLog

HANDLER = """
class FlakyError extends Error { name = 'FlakyError'; }
let calls = 0;
export const handler = async (event, context) => {
    calls += 1;
    console.log('asked to', event.do);
    if (event.do === 'throw') throw new FlakyError('as asked');
    if (event.do === 'throw text') throw 'only text';
    if (event.do === 'reject') { Promise.reject(new Error('unheard')); await new Promise((r) => setTimeout(r, 5e3)); }
    if (event.do === 'throw later') { setTimeout(() => { throw new RangeError('later'); }); await new Promise(Date); }
    if (event.do === 'exit') process.exit(3);
    if (event.do === 'exit quietly') process.exit(0);
    if (event.do === 'kill') { process.kill(process.pid, 'SIGKILL'); for (;;); }
    if (event.do === 'spin') for (;;);
    if (event.do === 'answer') return 'x'.repeat(event.bytes - 2);
    return { calls, event, id: context.awsRequestId, left: context.getRemainingTimeInMillis() };
};
"""


class NodeProcessTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.log = OutputLog(self.root / "output.log")

    def load(self, source: str, handler: str = "index.handler", file: str = "index.mjs") -> NodeProcess:
        (self.root / file).write_text(source)
        environment = {"LAMBDA_TASK_ROOT": str(self.root), "_HANDLER": handler, "PATH": os.environ["PATH"]}
        process = NodeProcess(environment, memory_mb=128, log=self.log.path)
        self.addCleanup(process.close)
        return process

    def invoke(self, process: NodeProcess, event: object, seconds: float = 10) -> Outcome | None:
        deadline = int((time.time() + seconds) * 1000)
        event_bytes = json.dumps(event).encode()
        return process.conversation.invoke(Invocation("r-1", "arn", "trace", event_bytes, deadline))

    def error_of(self, outcome: Outcome | None) -> dict[str, str]:
        assert outcome is not None and outcome.is_error, outcome
        return json.loads(outcome.payload)

    def startup_error(self, process: NodeProcess, seconds: float = 10) -> dict[str, str]:
        return self.error_of(process.conversation.startup_failure(seconds))

    def test_answers_one_invocation_after_the_other_in_the_same_process(self) -> None:
        process = self.load(HANDLER)

        self.assertIsNone(process.conversation.startup_failure(10))
        first, second = (self.invoke(process, {"n": n}) for n in (1, 2))

        assert first is not None and second is not None
        self.assertEqual(json.loads(second.payload)["calls"], 2)
        answer = json.loads(first.payload)
        self.assertEqual((answer["event"], answer["id"]), ({"n": 1}, "r-1"))
        self.assertTrue(0 < answer["left"] <= 10_000)

    def test_names_errors_as_aws_does(self) -> None:
        cases = {
            "throw": ("FlakyError", "as asked"),
            "throw text": ("string", "only text"),
            "reject": ("Runtime.UnhandledPromiseRejection", "Error: unheard"),
            "exit": ("Runtime.ExitError", "RequestId: r-1 Error: Runtime exited with error: exit status 3"),
            "exit quietly": ("Runtime.ExitError", "RequestId: r-1 Error: Runtime exited without providing a reason"),
            "kill": ("Runtime.ExitError", "RequestId: r-1 Error: Runtime exited with error: signal: killed"),
        }
        for what, (error_type, message) in cases.items():
            with self.subTest(what):
                error = self.error_of(self.invoke(self.load(HANDLER), {"do": what}))
                self.assertEqual(error["errorType"], error_type)
                self.assertTrue(error["errorMessage"].startswith(message), error)

    def test_refuses_a_response_above_the_limit_and_takes_one_at_the_limit(self) -> None:
        process = self.load(HANDLER)

        at_limit = self.invoke(process, {"do": "answer", "bytes": MAX_RESPONSE_BYTES})
        above = self.invoke(process, {"do": "answer", "bytes": MAX_RESPONSE_BYTES + 1})

        assert at_limit is not None
        self.assertEqual(len(at_limit.payload), MAX_RESPONSE_BYTES)
        self.assertEqual(self.error_of(above)["errorType"], "Function.ResponseSizeTooLarge")

    def test_has_no_outcome_when_the_handler_outlives_its_deadline(self) -> None:
        process = self.load(HANDLER)

        self.assertIsNone(process.conversation.startup_failure(10))
        self.assertIsNone(self.invoke(process, {"do": "spin"}, seconds=0.5))

        process.close()
        self.assertFalse(process.is_running())

    def test_leaves_an_invocation_it_did_not_take_to_another_process(self) -> None:
        process = self.load(HANDLER)

        error = self.error_of(self.invoke(process, {"do": "throw later"}))

        self.assertEqual(error["errorType"], "RangeError")
        with self.assertRaises(ProcessGone) as raised:
            self.invoke(process, {})
        self.assertEqual(raised.exception.exit_status, 129)

    def test_names_what_is_wrong_with_a_function_that_does_not_load(self) -> None:
        cases = [
            ("Runtime.HandlerNotFound", "export const other = 1;", "index.handler"),
            ("Runtime.ImportModuleError", HANDLER, "absent.handler"),
            ("Runtime.ImportModuleError", "import 'nowhere';", "index.handler"),
            ("Runtime.MalformedHandlerName", HANDLER, "index"),
            ("Runtime.UserCodeSyntaxError", "export const handler = ((;", "index.handler"),
            ("Runtime.CallbackHandlerDeprecated", "export const handler = (a, b, c) => c(null, 1);", "index.handler"),
            ("RangeError", "throw new RangeError('at load');", "index.handler"),
            ("Runtime.ExitError", "process.exit(7);", "index.handler"),
        ]
        for error_type, source, handler in cases:
            with self.subTest(error_type):
                self.assertEqual(self.startup_error(self.load(source, handler))["errorType"], error_type)

    def test_gives_up_on_a_function_that_never_finishes_loading(self) -> None:
        process = self.load("await new Promise((r) => setTimeout(r, 1e6));")

        self.assertEqual(self.startup_error(process, seconds=0.3)["errorType"], "Sandbox.Timedout")

    def test_finds_handlers_of_common_js_in_folders_and_nested_exports(self) -> None:
        (self.root / "sub").mkdir()
        process = self.load("exports.a = { handler: async () => 1 };", "sub/index.a.handler", "sub/index.cjs")

        outcome = self.invoke(process, {})

        assert outcome is not None
        self.assertEqual((outcome.payload, outcome.is_error), (b"1", False))

    def test_a_process_killed_from_outside_fails_the_invocation_it_works_on(self) -> None:
        process = self.load(HANDLER)
        self.invoke(process, {"do": "first"})
        threading.Timer(0.05, process.kill).start()
        error = self.error_of(self.invoke(process, {"do": "spin"}))
        self.assertEqual(error["errorType"], "Runtime.ExitError")
        self.assertIn("signal: killed", error["errorMessage"])

    def test_has_the_output_in_the_log_when_the_response_arrives(self) -> None:
        process = self.load(HANDLER)
        self.invoke(process, {"do": "first"})

        self.log.begin()
        self.invoke(process, {"do": "second"})

        report = self.log.report("r-1", "$LATEST", 12.3, 128).splitlines()
        self.assertEqual(report[:3], ["START RequestId: r-1 Version: $LATEST", "asked to second", "END RequestId: r-1"])
        self.assertIn("Billed Duration: 13 ms", report[3])


class FaultsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "taken").mkdir()
        os.environ[FOLDER] = folder.name
        self.addCleanup(os.environ.pop, FOLDER, None)

    def plant(self, name: str) -> None:
        (self.folder / name).touch()

    def test_each_fault_is_given_once_in_order_to_its_function(self) -> None:
        for name in ("dev-stage.0002.timeout", "dev-stage.0001.crash-after", "dev-plan.0003.throttle"):
            self.plant(name)
        kinds = [fault.kind for fault in iter(lambda: take_fault("dev-stage"), None)]
        self.assertEqual(kinds, ["crash-after", "timeout"])
        self.assertIsNone(take_fault("dev"))

    def test_nothing_fails_without_a_folder(self) -> None:
        self.plant("dev-stage.0001.timeout")
        del os.environ[FOLDER]
        self.assertIsNone(take_fault("dev-stage"))

    def test_a_call_that_is_held_goes_on_when_its_file_is_removed(self) -> None:
        self.plant("dev-plan.0001.hold")
        fault = take_fault("dev-plan")
        assert fault is not None
        waiting = threading.Thread(target=fault.wait, daemon=True)
        waiting.start()
        waiting.join(0.1)
        self.assertTrue(waiting.is_alive())
        (self.folder / "taken" / "dev-plan.0001.hold").unlink()
        waiting.join(5)
        self.assertFalse(waiting.is_alive())


if __name__ == "__main__":
    unittest.main()
