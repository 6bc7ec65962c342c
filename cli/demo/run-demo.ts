import { join } from 'node:path';
import { selectRows } from '#adapters/postgres/query.ts';
import { PipelineError } from '#core/errors.ts';
import { decisionWords } from '#core/report/experiment/words.ts';
import { allEntries } from '#core/status/entries.ts';
import { type TableStatus, tableStatuses } from '#core/status/tables.ts';
import { watchBuilds } from '../build-outcome.ts';
import type { Globals } from '../globals.ts';
import { fileDocument, fileLines, stateOf } from '../ingest/file-results.ts';
import { ingestFiles } from '../ingest/ingest-files.ts';
import type { Lake } from '../lake.ts';
import { count, counted, duration } from '../output/numbers.ts';
import type { Answer, Output } from '../output/output.ts';
import type { Progress } from '../output/progress.ts';
import { paint } from '../output/style.ts';
import { table } from '../output/table.ts';
import { reportsOf, type StoredReport } from '../report/reports.ts';
import { postgresRows } from '../sql/postgres-rows.ts';
import { tableLines } from '../sql/rows.ts';
import { DEMO_EFFECT, type DemoShop, demoData } from './demo-data.ts';

export interface DemoOptions extends DemoShop {
    readonly globals: Globals;
    readonly output: Output;
    readonly progress: Progress;
}

/** Then there is no command `cartlake` in the shell, but `npx cartlake`. */
const THROUGH_NPM = process.env.npm_execpath !== undefined;

const QUESTION = `select variant, count(*) as users, count(*) filter (where count_purchases > 0) as buyers,
    round(avg(revenue), 2) as revenue_per_user
from marts.user_outcomes group by variant order by variant`;

/** Files, ingest, build, publish, decision: each step is told as it is done. */
export async function runDemo(lake: Lake, { users, seed, globals, output, progress }: DemoOptions): Promise<Answer> {
    const started = performance.now();
    const { runtime } = lake;
    const { ledger } = runtime.context;
    const tell = (title: string, lines: readonly string[]) => {
        progress.done();
        for (const line of ['', paint('bold', title), '', ...lines]) output.line(line);
    };

    const folder = join(globals.lake, 'demo-data');
    const written = await demoData(folder, { users, seed }, await allEntries(ledger), progress);
    const made = written.map(({ name, rows }) => `${name} (${count(rows)})`).join(', ');
    tell(`1. A shop with ${counted(users, 'user')}`, [
        made,
        `in ${join(globals.lakeName, 'demo-data')}`,
        `Planted: a product page that makes ${DEMO_EFFECT * 100} % more users buy, and a few bad rows.`,
    ]);

    const outcome = await watchBuilds(runtime);
    await runtime.sweep();
    const found = written.map(({ name, path }) => ({
        name,
        path,
        key: `landing/${name.replace(/\.csv$/, '')}/${name}`,
    }));
    const ingested = await ingestFiles(runtime, found, {
        onLand: ({ name }) => progress.say(`land ${name}`),
        onLanded: (id, { name }) => progress.name(id, name),
    });
    // The second time they are known; what became of them is worth showing all the same.
    const files = ingested.map((file) => ({ ...file, known: false }));
    tell('2. Its files, typed by contract', fileLines(files));

    const { failures } = await outcome();
    const tables = await tableStatuses(runtime.context);
    tell('3. Tables, checked before anyone sees them, and published to PostgreSQL', martLines(tables));
    if (failures.length > 0) throw new PipelineError(`The build failed. ${failures.join(' ')}`);

    const rows = await selectRows(await runtime.database.url(), QUESTION);
    tell('4. A question to PostgreSQL', [
        ...QUESTION.split('\n').map((line) => `  ${line}`),
        '',
        ...(await tableLines(postgresRows(rows), Infinity)),
    ]);

    const [report] = await reportsOf(runtime, globals.lake, undefined);
    const ok = files.every((file) => stateOf(file) === 'accepted');
    return {
        document: {
            files: files.map(fileDocument),
            tables: tables.map(({ model, rows: size, publish }) => ({ model, rows: size, published: publish ?? null })),
            decision: report?.analysis.verdict ?? null,
            page: report?.page ?? null,
            ok,
        },
        lines: [
            '',
            paint('bold', '5. The decision'),
            '',
            ...(report ? [decisionLine(report), '', `Page: ${paint('cyan', report.page)}`] : []),
            '',
            `Done in ${duration(performance.now() - started)}. Try next${THROUGH_NPM ? ', with npx before it' : ''}:`,
            '',
            ...nextLines(globals.lakeOption),
        ],
        code: ok ? 0 : 1,
    };
}

function decisionLine({ analysis: { verdict } }: StoredReport): string {
    return `${paint('bold', decisionWords(verdict).word)}. ${verdict.because}`;
}

function martLines(tables: readonly TableStatus[]): string[] {
    return table(
        [{ heading: 'table' }, { heading: 'rows', align: 'right' }, { heading: 'in PostgreSQL' }],
        tables.map(({ model, rows, publish, published }) => [
            model,
            count(rows),
            publish === undefined ? '' : published ? `marts.${publish}` : 'not yet',
        ]),
    );
}

function nextLines(option: string): string[] {
    const commands = [
        [`cartlake report${option}`, 'the decision with its numbers'],
        [`cartlake quarantine${option}`, 'the bad rows, and why they are bad'],
        [`cartlake sql "from fct_events limit 5"${option}`, 'any question'],
        [`cartlake psql${option}`, 'PostgreSQL for your own tools'],
        [`cartlake clean${option}`, 'remove all of it'],
    ] as const;
    const width = Math.max(...commands.map(([command]) => command.length));
    return commands.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`);
}
