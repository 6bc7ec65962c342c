import type { Scene } from './scene.ts';

/** A section of the runbook tried out on the state it is about. */
export interface Rehearsal {
    /** Its heading. */
    readonly section: string;
    /** What is broken, in words. */
    readonly broken: string;
    /** The commands of its repair that are for this state. @default all */
    readonly repair?: RegExp;
    /** What cannot be run here, and why. */
    readonly leftOut?: string;
    /** Breaks it. */
    readonly breaks: (scene: Scene) => Promise<Broken>;
}

/** A state that is broken now. */
export interface Broken {
    /** What the section's commands to look at must show. */
    readonly shows: readonly RegExp[];
    /** Takes the cause away where that is not the section's business: the database comes back. */
    readonly mend?: () => Promise<unknown>;
    /** Throws unless all is well again. */
    readonly repaired: () => Promise<unknown>;
}
