import { refuseTableRules } from './allowed-values.ts';
import { checkName, compileColumn } from './column.ts';
import type { Contract } from './contract.ts';
import { type Complain, customValues } from './custom.ts';
import { DATASET_PROPERTIES, datasetSettings } from './dataset-settings.ts';
import type { Path, YamlDocument } from './document.ts';
import { contractFingerprint } from './fingerprint.ts';
import { checkHeadings } from './heading.ts';
import { keyColumns, partitionColumn } from './key.ts';
import type { OdcsDocument } from './odcs.ts';
import type { ContractProblem } from './problem.ts';
import { shown } from './problem.ts';
import { contractSource } from './source.ts';

const SCHEMA: Path = ['schema', 0];

/** Compiles a document of the right shape into a contract, or says everything that keeps it from being one. */
export function compileContract(
    odcs: OdcsDocument,
    document: YamlDocument,
): { readonly contract: Contract | undefined; readonly problems: readonly ContractProblem[] } {
    const problems: ContractProblem[] = [];
    const complain: Complain = (path, complaint) => problems.push(document.problemAt(path, complaint));
    const schema = odcs.schema[0]!;
    checkDatasetName(schema.name, document.file, complain);
    refuseMisplaced(odcs, complain);
    refuseTableRules(schema.quality, [...SCHEMA, 'quality'], complain);

    const properties = [...SCHEMA, 'properties'];
    const compiled = schema.properties.map((property, index) =>
        compileColumn(property, [...properties, index], document, complain),
    );
    const columns = compiled.filter((column) => column !== undefined);
    checkHeadings(compiled, properties, complain);
    const custom = customValues(schema.customProperties, [...SCHEMA, 'customProperties'], DATASET_PROPERTIES, complain);
    const settings = datasetSettings(custom, columns, SCHEMA, complain);
    const source = contractSource(odcs.servers, { ...settings, dataset: schema.name }, complain);
    const contract = {
        dataset: schema.name,
        version: odcs.version,
        purpose: odcs.description.purpose.trim(),
        columns,
        key: keyColumns(schema.properties, settings.rowIdentity, SCHEMA, complain),
        dateColumn: partitionColumn(schema.properties, SCHEMA, complain),
        ...settings,
        ...(source && { source }),
    };
    if (problems.length > 0 || settings.load === undefined) return { contract: undefined, problems };
    const complete = { ...contract, load: settings.load };
    return { contract: { ...complete, fingerprint: contractFingerprint(complete) }, problems };
}

function checkDatasetName(dataset: string, file: string, complain: Complain): void {
    const at = [...SCHEMA, 'name'];
    checkName(dataset, at, complain);
    const fileName = file.split(/[\\/]/).at(-1) ?? file;
    if (fileName === `${dataset}.odcs.yaml`) return;
    const expected = `the name of the file, ${shown(fileName.replace(/\.odcs\.ya?ml$/, ''))}`;
    complain(at, { expected, found: shown(dataset), next: `Rename the dataset, or the file to ${dataset}.odcs.yaml` });
}

/** Contract-wide custom properties are anyone's; ours would be ignored there. */
function refuseMisplaced(odcs: OdcsDocument, complain: Complain): void {
    for (const [index, { property }] of (odcs.customProperties ?? []).entries()) {
        if (!DATASET_PROPERTIES.includes(property)) continue;
        const next = 'Move it to `schema[0].customProperties`';
        complain(['customProperties', index], {
            expected: `${property} on the dataset`,
            found: 'it on the contract',
            next,
        });
    }
}
