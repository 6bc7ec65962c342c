import { Duration } from 'aws-cdk-lib';
import type { DeploymentStage } from './deployment.ts';

/** What one stage of a deployment gets and keeps. */
export interface Sizes {
    /** Megabytes of memory; a function has one processor a 1,769 MB. */
    readonly memory: {
        /** Stages that read and write small documents. */
        readonly documents: number;
        /** Stages that open a landed file. */
        readonly files: number;
        /** Stages that compute or read tables. */
        readonly tables: number;
    };
    /** Megabytes of disk: a landed file and its Parquet, or what DuckDB spills. Lambda allows 512 to 10,240. */
    readonly disk: { readonly files: number; readonly tables: number };
    /** Batches of arrivals admitted at once; 2 is the least a queue can be told. */
    readonly admitting: number;
    readonly database: {
        readonly instance: string;
        readonly storageGb: number;
        readonly mostStorageGb: number;
        readonly multiAz: boolean;
        readonly backup: Duration;
    };
    /** Bytes one Athena query may read before it is cancelled. */
    readonly queryCutoffBytes: number;
    readonly keep: {
        readonly functionLogs: Duration;
        readonly accessLogs: Duration;
        /** Plans, candidates and check results of runs. */
        readonly runs: Duration;
        /** Earlier versions of a document of the lake that was replaced. */
        readonly replacedDocuments: Duration;
    };
    readonly alarms: {
        /** A build that takes longer than this is looked at, though it ended well. */
        readonly slowBuild: Duration;
        /** Longest time without a finished build; none where files do not come every day. */
        readonly freshness: Duration | undefined;
    };
}

const GIGABYTE = 1_000_000_000;

export const SIZES: Readonly<Record<DeploymentStage, Sizes>> = {
    dev: {
        memory: { documents: 512, files: 2_048, tables: 2_048 },
        disk: { files: 2_048, tables: 2_048 },
        admitting: 2,
        database: { instance: 't4g.micro', storageGb: 20, mostStorageGb: 50, multiAz: false, backup: Duration.days(1) },
        queryCutoffBytes: 10 * GIGABYTE,
        keep: {
            functionLogs: Duration.days(7),
            accessLogs: Duration.days(30),
            runs: Duration.days(30),
            replacedDocuments: Duration.days(1),
        },
        alarms: { slowBuild: Duration.hours(1), freshness: undefined },
    },
    staging: {
        memory: { documents: 512, files: 3_538, tables: 3_538 },
        disk: { files: 4_096, tables: 4_096 },
        admitting: 2,
        database: {
            instance: 't4g.small',
            storageGb: 20,
            mostStorageGb: 100,
            multiAz: false,
            backup: Duration.days(7),
        },
        queryCutoffBytes: 100 * GIGABYTE,
        keep: {
            functionLogs: Duration.days(30),
            accessLogs: Duration.days(90),
            runs: Duration.days(60),
            replacedDocuments: Duration.days(7),
        },
        alarms: { slowBuild: Duration.hours(1), freshness: undefined },
    },
    prod: {
        memory: { documents: 512, files: 7_076, tables: 10_240 },
        disk: { files: 10_240, tables: 10_240 },
        admitting: 10,
        database: {
            instance: 'm7g.large',
            storageGb: 100,
            mostStorageGb: 1_000,
            multiAz: true,
            backup: Duration.days(14),
        },
        queryCutoffBytes: 1_000 * GIGABYTE,
        keep: {
            functionLogs: Duration.days(90),
            accessLogs: Duration.days(365),
            runs: Duration.days(180),
            replacedDocuments: Duration.days(30),
        },
        alarms: { slowBuild: Duration.hours(2), freshness: Duration.hours(26) },
    },
};
