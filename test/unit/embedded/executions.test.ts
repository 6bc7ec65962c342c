import { systemClock } from '#embedded/asl/clock.ts';
import { createExecutionStore } from '#embedded/asl/execution-store.ts';
import { loadMachine } from '#embedded/asl/load.ts';
import { createExecutions } from '#embedded/executions.ts';
import { describeExecutions, ENDS_AS_TOLD } from '#test/support/store-contracts/executions.ts';
import { temporaryFolder } from '#test/support/temporary.ts';

describeExecutions('this process', async () => {
    const executions = createExecutions({
        store: createExecutionStore(await temporaryFolder()),
        machines: {
            ingest: loadMachine(ENDS_AS_TOLD, { name: 'ingest' }),
            build: loadMachine(ENDS_AS_TOLD, { name: 'build' }),
            replay: loadMachine(ENDS_AS_TOLD, { name: 'replay' }),
        },
        tasks: () => undefined,
        clock: systemClock,
    });
    return { executions, settle: () => executions.idle() };
});
