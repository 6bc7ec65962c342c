import { describe, expect, it } from 'vitest';
import type { Statement } from '#core/build/ports.ts';
import { analyseExperiment } from '#core/experiment/analyse.ts';
import { compileModels } from '#core/models/compile.ts';
import { writeExperimentReports } from '#core/report/experiment-reports.ts';
import { aRegisteredObject, aVersion } from '#test/support/builders.ts';
import { createMemoryBlobs } from '#test/support/fakes/memory-blobs.ts';
import { createMemoryControl } from '#test/support/fakes/memory-control.ts';
import { theShop } from '../experiment/rows-builder.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const analysis = (experimentId: string) =>
    analyseExperiment({
        experimentId,
        moments: theShop().moments.map((row) => ({ ...row, experimentId })),
        exposures: theShop().exposures.map((row) => ({ ...row, experimentId })),
    });

/** A lake whose table of analyses holds those of some experiments; `undefined` for no table at all. */
function aContext(ids: readonly string[] | undefined, change: (text: string) => string = (text) => text) {
    const blobs = createMemoryBlobs();
    const version = aVersion({ model: 'experiment_analyses', builtAt: '2026-02-28T00:00:00.000Z' });
    return {
        blobs,
        control: createMemoryControl(),
        graph: compileModels({ files: [], typescriptModels: [], datasets: [], dateDatasets: [] }),
        catalog: { current: async (model: string) => (ids && model === 'experiment_analyses' ? version : undefined) },
        engine: {
            rows: async (_: Statement) =>
                (ids ?? []).map((id) => ({ experiment_id: id, analysis: change(JSON.stringify(analysis(id))) })),
        },
    };
}

const pages = ({ blobs }: ReturnType<typeof aContext>) =>
    [...blobs.files]
        .filter(([key]) => key.startsWith('reports/experiments/'))
        .map(([key, bytes]) => [key, String(bytes)]);

describe('the pages of experiments', () => {
    it('are one folder an experiment with all its forms', async () => {
        const context = aContext(['checkout', 'Größe/2']);
        const reports = await writeExperimentReports(context, [aRegisteredObject('a')], NOW);

        expect(reports.map(({ experimentId }) => experimentId)).toEqual(['checkout', 'Größe/2']);
        expect(reports[0]).toMatchObject({
            html: 'reports/experiments/checkout/index.html',
            json: 'reports/experiments/checkout/report.json',
        });
        const keys = pages(context).map(([key]) => key);
        for (const { html, markdown, json, csv } of reports) {
            expect(keys).toEqual(expect.arrayContaining([html, markdown, json, csv]));
        }
        expect(keys.every((key) => /^reports\/experiments\/[\w-]+\/[\w.]+$/.test(String(key)))).toBe(true);
    });

    it('say when the tables were built and how far the data reaches, not when they were written', async () => {
        const one = aContext(['checkout']);
        const other = aContext(['checkout']);
        await writeExperimentReports(one, [aRegisteredObject('a')], NOW);
        await writeExperimentReports(other, [aRegisteredObject('a')], '2027-01-01T00:00:00.000Z');

        expect(pages(other)).toEqual(pages(one));
        const json = pages(one).find(([key]) => key?.endsWith('report.json'))?.[1];
        expect(json).toContain('2026-02-28');
        expect(json).toContain('2026-01-01T12:00:00.000Z');
    });

    it('are none before there is a table of analyses, or an experiment in it', async () => {
        for (const ids of [undefined, []]) {
            const context = aContext(ids);

            expect(await writeExperimentReports(context, [], NOW)).toEqual([]);
            expect(pages(context)).toEqual([]);
        }
    });

    it('are not drawn from analyses of an earlier version', async () => {
        const context = aContext(['checkout'], (text) =>
            text.replace(/cartlake\.experiment\/\d+/, 'cartlake.experiment/1'),
        );

        await expect(writeExperimentReports(context, [], NOW)).rejects.toThrow(
            'The analyses of this lake are of an earlier Cartlake. Make them again: cartlake build',
        );
    });
});
