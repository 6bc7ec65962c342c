import { join } from 'node:path';
import { compileModels } from '#core/models/compile.ts';
import type { Project } from '#embedded/project.ts';
import { loadContracts, PROJECT_ROOT } from '#lambdas/_project/project.ts';
import { aModel } from './tiny-lake.ts';

const EVENTS = aModel(
    'fct_events',
    'kind: by_date\ndate: occurred_on',
    `select event_id as id, max(user_id) as user_id, cast(max(occurred_at) as date) as occurred_on
    from {{ ref('events') }} group by event_id`,
);
const DAYS = aModel(
    'days',
    'kind: table\npublish: days',
    `select row_number() over (order by occurred_on) as id, occurred_on, count(*) as events
    from {{ ref('fct_events') }} group by occurred_on`,
);
const USERS = aModel(
    'user_events',
    'kind: table\npublish: user_events',
    `select u.user_id as id, count(e.id) as events
    from (select distinct user_id from {{ ref('users') }}) as u
    left join {{ ref('fct_events') }} as e on e.user_id = u.user_id group by u.user_id`,
);

/** This project's contracts with three small models, two of them published: a run takes half a second. */
export async function smallProject(): Promise<Project> {
    const contracts = await loadContracts(join(PROJECT_ROOT, 'contracts'));
    const datasets = [...contracts.values()];
    const graph = compileModels({
        files: [EVENTS, DAYS, USERS],
        typescriptModels: [],
        datasets: datasets.map(({ dataset }) => dataset),
        dateDatasets: datasets.filter(({ dateColumn }) => dateColumn !== undefined).map(({ dataset }) => dataset),
    });
    return { contracts, graph, experiments: new Map() };
}
