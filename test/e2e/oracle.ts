import { readFile } from 'node:fs/promises';

type Row = Readonly<Record<string, string>>;

/** What the experiment's tables must say of some clean files, computed the long way round. */
export interface Oracle {
    readonly arms: Readonly<Record<string, { exposed: number; buyers: number }>>;
    readonly beforeAssignment: number;
    readonly cutWindows: number;
    /** Of all purchases, in cents. */
    readonly paid: number;
    /** The same when prices are list prices of one unit. */
    readonly list: number;
}

const WEEK_MS = 7 * 86_400_000;

async function rowsOf(path: string): Promise<Row[]> {
    const [heading = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const names = heading.split(',');
    // Only the last column (properties) is quoted; nothing here reads it.
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

const instant = (text: string | undefined) =>
    Date.parse(`${text?.replace(' ', 'T')}${text?.length === 10 ? 'T00:00:00' : ''}Z`);
const cents = (text: string | undefined) => Math.round(Number(text || 0) * 100);

/** Reads events.csv and experiment_assignments.csv of a generated shop. */
export async function oracleOf(folder: string): Promise<Oracle> {
    const events = await rowsOf(`${folder}/events.csv`);
    const assignments = await rowsOf(`${folder}/experiment_assignments.csv`);
    const newest = Math.max(...events.map((event) => instant(event.event_ts)));
    const purchases = events.filter((event) => event.event_type === 'purchase');
    const firstView = new Map<string, number>();
    for (const { event_type: type, user_id: user = '', event_ts: at } of events) {
        if (type === 'view_product')
            firstView.set(user, Math.min(firstView.get(user) ?? Number.POSITIVE_INFINITY, instant(at)));
    }
    const arms: Record<string, { exposed: number; buyers: number }> = {};
    let beforeAssignment = 0;
    let cutWindows = 0;
    for (const { user_id: user = '', variant = '', assignment_ts: assignedAt } of assignments) {
        const exposedAt = firstView.get(user);
        if (exposedAt === undefined) continue;
        arms[variant] ??= { exposed: 0, buyers: 0 };
        arms[variant].exposed++;
        if (exposedAt < instant(assignedAt)) beforeAssignment++;
        if (exposedAt + WEEK_MS > newest) cutWindows++;
        const inWindow = purchases.some((event) => {
            const at = instant(event.event_ts);
            return event.user_id === user && at >= exposedAt && at < exposedAt + WEEK_MS;
        });
        if (inWindow) arms[variant].buyers++;
    }
    const list = purchases.map(
        (event) => cents(event.price_paid) * Number(event.quantity || 1) - cents(event.discount_amount),
    );
    return {
        arms,
        beforeAssignment,
        cutWindows,
        paid: purchases.reduce((sum, event) => sum + cents(event.price_paid), 0),
        list: list.reduce((sum, value) => sum + value, 0),
    };
}
