import type { RowIdentity } from './contract.ts';
import type { Complain } from './custom.ts';
import type { Path } from './document.ts';
import type { OdcsProperty } from './odcs.ts';

/**
 * Names of the primary key columns in the order of their positions (in the order written, when none is given); none
 * where rows are identified by content.
 */
export function keyColumns(
    properties: readonly OdcsProperty[],
    rowIdentity: RowIdentity,
    path: Path,
    complain: Complain,
): string[] {
    const key = properties.filter(({ primaryKey }) => primaryKey === true);
    if (key.length === 0 && rowIdentity === 'key') {
        complain([...path, 'properties'], {
            expected: 'at least one property with `primaryKey: true`',
            found: 'none',
            next: 'Mark the columns that identify a row, or say `rowIdentity: content` where rows have no identity',
        });
    }
    if (key.length > 0 && rowIdentity === 'content') {
        complain([...path, 'properties'], {
            expected: 'no `primaryKey: true` with rowIdentity content',
            found: key.map(({ name }) => name).join(', '),
            next: 'Remove it, or remove `rowIdentity`',
        });
    }
    const position = (property: OdcsProperty) => property.primaryKeyPosition ?? -1;
    for (const [index, property] of properties.entries()) {
        if (property.primaryKey === true || position(property) === -1) continue;
        const next = 'Add `primaryKey: true`, or remove the position';
        complain([...path, 'properties', index, 'primaryKeyPosition'], {
            expected: 'a position only on a primary key column',
            found: String(property.primaryKeyPosition),
            next,
        });
    }
    const positions = key.map(position).sort((a, b) => a - b);
    if (positions.some((at) => at !== -1) && positions.some((at, index) => at !== index + 1)) {
        complain([...path, 'properties'], {
            expected: `primaryKeyPosition 1 to ${key.length}, each once`,
            found: key.map((property) => property.primaryKeyPosition ?? 'none').join(', '),
            next: 'Number all key columns, or none',
        });
    }
    return key.toSorted((a, b) => position(a) - position(b)).map(({ name }) => name);
}

/** Name of the column the table is partitioned by, if there is one. */
export function partitionColumn(
    properties: readonly OdcsProperty[],
    path: Path,
    complain: Complain,
): string | undefined {
    let partition: string | undefined;
    for (const [index, property] of properties.entries()) {
        if (property.partitioned !== true) continue;
        const at = [...path, 'properties', index, 'partitioned'];
        if (partition !== undefined) {
            complain(at, {
                expected: 'one partition column',
                found: `${partition} and ${property.name}`,
                next: 'Keep one',
            });
        }
        if (property.logicalType !== 'date' && property.logicalType !== 'timestamp') {
            const expected = 'a date or a timestamp as partition column';
            complain(at, { expected, found: property.logicalType, next: 'Partition by the day something happened' });
        }
        partition ??= property.name;
    }
    return partition;
}
