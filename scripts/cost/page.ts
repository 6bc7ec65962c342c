import { athenaBill, duckdbBill, type Item, total } from './bill.ts';
import type { Counts } from './counts.ts';
import { PRICES } from './prices.ts';

const MILLION = 1_000_000;
const dollars = (amount: number) => `$${amount.toFixed(4)}`;

/** docs/cost.md: the bills of a measured run, scaled to a million events, with their arithmetic. */
export function costPage(counts: Counts): string {
    const { shop, builds, date, storedBytes } = counts;
    const scale = MILLION / shop.events;
    const duckdb = duckdbBill(counts);
    const athena = athenaBill(counts);
    const storage = (storedBytes / 1e9) * PRICES.s3GigabyteMonth;
    return `${[
        '# What a million events cost',
        '',
        `| engine | dollars per 1 M events |`,
        '|---|---|',
        `| \`duckdb\` (in the functions) | **${dollars(total(duckdb) * scale)}** |`,
        `| \`athena\` | **${dollars(total(athena) * scale)}** |`,
        '',
        `Measured on LocalStack on ${date}: a shop of ${shop.users.toLocaleString('en')} users and ` +
            `${shop.events.toLocaleString('en')} events in ${shop.days} days, ${shop.files} files, from their upload to ` +
            `PostgreSQL and the decision page, in ${builds} ${builds === 1 ? 'build' : 'builds'}. The figures above are ` +
            `the sums below times ${scale.toFixed(3)}. To measure again and to write this page:`,
        '',
        '```sh',
        'npm run localstack:up && npm run deploy:local && npm run cost:local',
        '```',
        '',
        `Prices: ${PRICES.region}, list prices without free tiers, ${PRICES.read}.`,
        ...PRICES.pages.map((page) => `<${page}>`),
        '',
        '## With DuckDB',
        '',
        ...billTable(duckdb),
        '',
        '## With Athena',
        '',
        'Derived, not measured: LocalStack has no Athena. The functions that compute tables cost nothing then but their',
        'invocations; instead the statements of models and checks are added up by the files they read. Whole files are',
        'counted, though Athena reads only the columns it needs; a query counts for 10 MB at least.',
        '',
        ...billTable(athena),
        '',
        '| model | queries | MB read | MB billed |',
        '|---|---:|---:|---:|',
        ...counts.models.map((model) => {
            const cells = [model.bytes, model.billedBytes].map((bytes) => (bytes / 1e6).toFixed(1));
            return `| ${model.model} | ${model.queries} | ${cells.join(' | ')} |`;
        }),
        '',
        '## Functions',
        '',
        '| function | invocations | seconds | MB | GB-s |',
        '|---|---:|---:|---:|---:|',
        ...Object.entries(counts.functions).map(
            ([name, { invocations, seconds, memoryMb }]) =>
                `| ${name} | ${invocations} | ${seconds.toFixed(1)} | ${memoryMb} | ${((seconds * memoryMb) / 1024).toFixed(1)} |`,
        ),
        '',
        '## Requests to S3',
        '',
        Object.entries(counts.s3)
            .map(([action, count]) => `${action} ${count.toLocaleString('en')}`)
            .join(', '),
        '',
        '## What is not in it',
        '',
        '- Time is that of two cores that also ran LocalStack. A function with 2,048 MB has 1.2 cores and S3 answers in',
        '  20 to 50 ms, LocalStack in 2.5: seconds on AWS are others, by a factor of two rather than ten.',
        '- Loading of functions (0.1 to 0.6 s for each new one).',
        `- Storage: ${(storedBytes / 1e9).toFixed(3)} GB when all was done, ${dollars(storage)} a month.`,
        '- What runs while nothing happens: the database, its network endpoint and secret, alarms, five-minute sweeps and',
        '  the polls of an empty queue (docs/deploy.md).',
        '- Files that are larger cost less per event: states and requests grow with days and models, not with rows.',
        '- One file a day costs more per event: a build enters about as many states for a day as for a year.',
    ].join('\n')}\n`;
}

function billTable(items: readonly Item[]): string[] {
    return [
        '| what | arithmetic | dollars |',
        '|---|---|---:|',
        ...items.map(({ what, arithmetic, dollars: amount }) => `| ${what} | ${arithmetic} | ${dollars(amount)} |`),
        `| **all of it** | | **${dollars(total(items))}** |`,
    ];
}
