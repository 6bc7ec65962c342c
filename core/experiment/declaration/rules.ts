import type { Path, YamlDocument } from '../../contracts/document.ts';
import { shown } from '../../contracts/problem.ts';
import { closest } from '../../contracts/spelling.ts';
import { METRIC_NAMES } from '../metrics.ts';
import { COVARIATES, SEGMENTS } from '../plan.ts';
import type { PlanDocument } from './document.ts';
import type { PlanProblem } from './problem.ts';

/** What a well-formed plan still can have wrong: names nothing is called, numbers that contradict each other. */
export function ruleProblems(plan: PlanDocument, document: YamlDocument): PlanProblem[] {
    const problems: PlanProblem[] = [];
    const complain = (path: Path, expected: string, found: string, next: string) =>
        problems.push(document.problemAt(path, { expected, found, next }));
    const named = (path: Path, word: string, what: string, known: readonly string[]) => {
        if (known.includes(word)) return;
        const meant = closest(word, known);
        const next = meant === undefined ? `Choose one of ${known.join(', ')}` : `Did you mean ${meant}?`;
        complain(path, what, shown(word), next);
    };
    const between = (path: Path, value: number, low: number, high: number, next: string) => {
        if (!(value > low && value < high))
            complain(path, `more than ${low} and less than ${high}`, String(value), next);
    };
    const once = (key: string, words: readonly string[]) =>
        words.forEach((word, index) => {
            if (words.indexOf(word) < index)
                complain([key, index], 'each name once', shown(word), 'Remove one of the two');
        });
    const each = (key: 'goals' | 'segments' | 'covariates', what: string, known: readonly string[]) => {
        const words = plan[key] ?? [];
        words.forEach((word, index) => {
            named([key, index], word, what, known);
        });
        once(key, words);
    };

    checkArms(plan, complain);
    if (plan.end <= plan.start) complain(['end'], `a day after ${plan.start}`, plan.end, 'Correct `start` or `end`');
    once('exposure', plan.exposure ?? []);
    each('goals', 'a metric', METRIC_NAMES);
    each('segments', 'something known of a user before exposure', SEGMENTS);
    each('covariates', 'a metric that is measured before exposure too', COVARIATES);
    for (const [metric, margin] of Object.entries(plan.guardrails)) {
        const path = ['guardrails', metric];
        named(path, metric, 'a metric', METRIC_NAMES);
        between(path, margin, 0, 1, 'Write the share it may get worse by, such as 5%');
        if (plan.goals.includes(metric))
            complain(path, 'a metric that is no goal', metric, 'Keep it as a goal or as a guardrail');
    }
    between(['alpha'], plan.alpha, 0, 0.5, 'Write 0.05 for 95% intervals');
    between(['power'], plan.power, 0.5, 1, 'Write 80%, the usual choice');
    if (plan.minimum_lift !== undefined)
        between(['minimum_lift'], plan.minimum_lift, 0, 10, 'Write a share, such as 6%');
    checkLooks(plan, complain);
    return problems;
}

type Complain = (path: Path, expected: string, found: string, next: string) => void;

function checkArms({ arms, control }: PlanDocument, complain: Complain): void {
    const shares = Object.entries(arms);
    const names = shares.map(([name]) => name);
    for (const [name, weight] of shares) {
        if (!(weight >= 0)) complain(['arms', name], 'a share of 0 or more', String(weight), 'Correct the share');
    }
    if (shares.filter(([, weight]) => weight > 0).length < 2) {
        complain(
            ['arms'],
            'two arms or more with a share of the traffic',
            `${names.join(', ') || 'none'}`,
            'Name the arms with their shares, such as control: 50%',
        );
    }
    if (!names.includes(control)) {
        complain(
            ['control'],
            `one of the arms ${names.join(', ')}`,
            shown(control),
            'Name the control arm, or call it `control`',
        );
    } else if (arms[control] === 0) {
        complain(['arms', control], 'a control arm with users', '0', 'Give it a share of the traffic');
    }
}

function checkLooks({ looks, size }: PlanDocument, complain: Complain): void {
    if (looks === 'every_build') return;
    looks.at.forEach((units, index) => {
        const before = looks.at[index - 1] ?? 0;
        if (units <= before)
            complain(
                ['looks', 'at', index],
                `more than ${before} users`,
                String(units),
                'Put the looks in ascending order',
            );
    });
    const last = looks.at.at(-1);
    if (last !== size)
        complain(['looks', 'at'], `a last look at the planned size, ${size}`, String(last), 'End the list with `size`');
}
