import { PipelineError } from '#core/errors.ts';
import type { Section } from '#test/support/runbook.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Scene } from './scene.ts';

/**
 * Breaks the pipeline, types what the section has to look at and to repair, and looks whether all is well again. Says
 * what the repair took. Throws when a command fails, does not show the state, or does not repair it.
 */
export async function rehearse(
    scene: Scene,
    sections: ReadonlyMap<string, Section>,
    { section, repair = /./, breaks }: Rehearsal,
): Promise<string> {
    const found = sections.get(section);
    if (!found) throw new PipelineError(`The runbook has no section ${section}.`);
    const { shows, mend, repaired } = await breaks(scene);
    const seen = await Promise.all(found.look.map((command) => typed(scene, command)));
    for (const pattern of shows) {
        if (pattern.test(seen.join('\n'))) continue;
        throw new PipelineError(`Nothing to look at shows ${pattern}:\n${seen.join('\n')}`);
    }
    await mend?.();
    const commands = found.repair.filter((command) => repair.test(command));
    const began = performance.now();
    const said: string[] = [];
    for (const command of commands) said.push(await typed(scene, command));
    try {
        await repaired();
    } catch (error) {
        throw new PipelineError(`It is not repaired after\n${said.join('\n')}`, { cause: error });
    }
    if (commands.length === 0) return 'looked at';
    return `repaired in ${((performance.now() - began) / 1000).toFixed(1)} s`;
}

async function typed({ type }: Scene, command: string): Promise<string> {
    const { code, output } = await type(command);
    if (code === 0) return `$ ${command}\n${output}`;
    throw new PipelineError(`${command} ended with ${code}:\n${output}`);
}
