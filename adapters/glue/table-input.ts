import type { TableInput } from '@aws-sdk/client-glue';
import type { BlobStore } from '#core/store/ports.ts';
import type { Column } from '#core/types.ts';

/** A table over Parquet files wherever they lie: its location holds one text file that lists them. */
export interface ListedTable {
    readonly name: string;
    readonly description?: string;
    readonly columns: readonly Column[];
    /** Blob keys. */
    readonly files: readonly string[];
    /** Key prefix for the list; a place that holds nothing else. */
    readonly place: string;
    readonly parameters?: Readonly<Record<string, string>>;
}

/** Lists the files below the table's place. `lakeUri` is `s3://bucket`. Doing it again changes nothing. */
export async function putFileList(blobs: BlobStore, lakeUri: string, { place, files }: ListedTable): Promise<void> {
    await blobs.putText(`${place}/files`, files.map((file) => `${lakeUri}/${file}\n`).join(''));
}

/** The table as Glue knows it. Athena finds a column in a Parquet file by its name; where it is missing it is null. */
export function tableInput(lakeUri: string, table: ListedTable): TableInput {
    return {
        Name: table.name,
        Description: table.description ?? '',
        TableType: 'EXTERNAL_TABLE',
        Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...table.parameters },
        StorageDescriptor: {
            Columns: table.columns.map(({ name, type }) => ({
                Name: name,
                Type: type === 'varchar' ? 'string' : type,
            })),
            Location: `${lakeUri}/${table.place}/`,
            InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
            OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
            SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
    };
}
