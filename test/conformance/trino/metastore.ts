import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableInput } from '@aws-sdk/client-glue';

/** A database of Trino's metastore in files, as Glue would be asked to fill it. */
export interface Metastore {
    /** Makes a table as Glue's TableInput describes it, replacing what is there. */
    create(database: string, table: TableInput): Promise<void>;
}

/** Writes the documents that Trino's file metastore reads, because no statement of Trino makes tables over lists of files. */
export function createMetastore(warehouse: string): Metastore {
    return {
        async create(database, table) {
            const folder = join(warehouse, 'metastore', database, table.Name as string);
            const storage = table.StorageDescriptor;
            await mkdir(folder, { recursive: true });
            const document = {
                writerVersion: '476',
                owner: 'conformance',
                tableType: 'EXTERNAL_TABLE',
                dataColumns: (storage?.Columns ?? []).map(({ Name, Type }) => ({
                    name: Name,
                    type: Type,
                    properties: {},
                })),
                partitionColumns: [],
                parameters: table.Parameters ?? {},
                originalStorageFormat: {
                    serde: storage?.SerdeInfo?.SerializationLibrary,
                    inputFormat: storage?.InputFormat,
                    outputFormat: storage?.OutputFormat,
                },
                serdeParameters: {},
                externalLocation: storage?.Location,
                columnStatistics: {},
            };
            await writeFile(join(folder, '.trinoSchema'), JSON.stringify(document));
        },
    };
}
