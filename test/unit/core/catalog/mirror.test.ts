import { describe, expect, it } from 'vitest';
import type { CatalogMirror } from '#core/catalog/mirror.ts';
import { testDatabase } from '#test/support/duckdb.ts';
import { aModel, aTinyLake } from '#test/support/tiny-lake.ts';

const database = testDatabase();
const MODEL = aModel('whole', 'kind: table', `select distinct id, amount from {{ ref('events') }}`);

/** A mirror that remembers versions by model, and fails while `isDown`. */
function aMirror() {
    const shown = new Map<string, string>();
    const state = { isDown: false, tidied: 0 };
    const mirror: CatalogMirror = {
        async show(model, current) {
            if (state.isDown) throw new Error('no way to the mirror');
            const version = await current();
            if (version) shown.set(model, version.id);
        },
        async tidy() {
            if (state.isDown) throw new Error('no way to the mirror');
            state.tidied++;
        },
    };
    return { mirror, shown, state };
}

describe('a mirror of the catalog', () => {
    it('shows what was promoted, and is tidied when nothing is being built', async () => {
        const { mirror, shown, state } = aMirror();
        const lake = await aTinyLake(database, { models: [MODEL] });
        Object.assign(lake.context, { mirror });
        await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
        await lake.build();

        expect(shown.get('whole')).toBe((await lake.context.catalog.current('whole'))?.id);
        expect(state.tidied).toBe(1);
    });

    it('that cannot be reached stops no build, and is repaired by the next one', async () => {
        const { mirror, shown, state } = aMirror();
        const lake = await aTinyLake(database, { models: [MODEL] });
        Object.assign(lake.context, { mirror });
        await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
        state.isDown = true;
        const { changed, halted } = await lake.build();

        expect({ changed, halted }).toEqual({ changed: ['whole'], halted: [] });
        expect(shown.size).toBe(0);
        state.isDown = false;
        await lake.build();
        expect(shown.get('whole')).toBe((await lake.context.catalog.current('whole'))?.id);
    });

    it('shows what a person went back to from the next build on', async () => {
        const { mirror, shown } = aMirror();
        const lake = await aTinyLake(database, { models: [MODEL] });
        Object.assign(lake.context, { mirror });
        await lake.land('first', [[1, '2026-01-01 10:00:00', 10]]);
        await lake.build();
        const before = shown.get('whole');
        await lake.land('second', [[2, '2026-01-01 10:00:00', 10]]);
        await lake.build();
        await lake.context.catalog.rollback('whole', lake.context.now());
        await lake.build();

        expect(shown.get('whole')).toBe(before);
    });
});
