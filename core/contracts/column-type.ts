import type { ColumnType } from '../types.ts';
import type { Complain } from './custom.ts';
import type { Path } from './document.ts';
import type { OdcsProperty } from './odcs.ts';
import { shown } from './problem.ts';

/** logicalType -> physicalType -> our type; the empty physical type is the one meant when none is written. */
const TYPES: Readonly<Record<string, Readonly<Record<string, ColumnType>>>> = {
    integer: { '': 'bigint', bigint: 'bigint' },
    number: { '': 'double', double: 'double', 'decimal(18,2)': 'decimal(18,2)' },
    string: { '': 'varchar', varchar: 'varchar' },
    boolean: { '': 'boolean', boolean: 'boolean' },
    // Before 3.1.0 the standard had no timestamp: a date whose physical type says so.
    date: { '': 'date', date: 'date', timestamp: 'timestamp' },
    timestamp: { '': 'timestamp', timestamp: 'timestamp' },
};

/** The column type a property asks for; complains and returns undefined when there is none. */
export function columnType(property: OdcsProperty, path: Path, complain: Complain): ColumnType | undefined {
    const physicalTypes = TYPES[property.logicalType];
    if (physicalTypes === undefined) {
        complain([...path, 'logicalType'], {
            expected: `one of ${Object.keys(TYPES).join(', ')}`,
            found: shown(property.logicalType),
            next: 'Staged tables are flat: declare nested values as `string` and keep their JSON',
        });
        return undefined;
    }
    const physicalType = (property.physicalType ?? '').toLowerCase().replaceAll(' ', '');
    const type = physicalTypes[physicalType];
    if (type === undefined) {
        const choices = Object.keys(physicalTypes).filter((name) => name !== '');
        complain([...path, 'physicalType'], {
            expected: `one of ${choices.join(', ')} (for logicalType ${property.logicalType})`,
            found: shown(property.physicalType),
            next: 'Correct it, or leave physicalType out',
        });
    }
    return type;
}
