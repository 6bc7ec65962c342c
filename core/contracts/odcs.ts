import { z } from 'zod';

/**
 * The Open Data Contract Standard, versions 3.0.0 to 3.1.0, as far as a contract of flat columns uses it. Keys and
 * types are those of the standard's JSON schema (https://github.com/bitol-io/open-data-contract-standard); keys the
 * standard does not have are refused. Parts whose shape does not matter here are left unchecked.
 */
const unchecked = z.unknown().optional();

const customProperty = z.strictObject({
    id: unchecked,
    property: z.string(),
    value: unchecked,
    description: unchecked,
});

const element = {
    id: unchecked,
    name: z.string(),
    physicalName: z.string().optional(),
    physicalType: z.string().optional(),
    description: z.string().optional(),
    businessName: z.string().optional(),
    authoritativeDefinitions: unchecked,
    tags: unchecked,
    customProperties: z.array(customProperty).optional(),
};

const qualityRule = z.looseObject({
    type: z.enum(['text', 'library', 'sql', 'custom']).optional(),
    metric: z.enum(['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount']).optional(),
    /** Versions before 3.1.0 call the metric so. */
    rule: z.string().optional(),
    arguments: z.record(z.string(), z.unknown()).optional(),
    validValues: unchecked,
    mustBe: unchecked,
});

const property = z.strictObject({
    ...element,
    primaryKey: z.boolean().optional(),
    primaryKeyPosition: z.int().optional(),
    logicalType: z.enum(['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean']),
    logicalTypeOptions: z.record(z.string(), z.unknown()).optional(),
    required: z.boolean().optional(),
    unique: z.boolean().optional(),
    partitioned: z.boolean().optional(),
    partitionKeyPosition: z.int().optional(),
    classification: unchecked,
    encryptedName: unchecked,
    transformSourceObjects: unchecked,
    transformLogic: unchecked,
    transformDescription: unchecked,
    examples: unchecked,
    criticalDataElement: unchecked,
    relationships: unchecked,
    quality: z.array(qualityRule).optional(),
});

const schemaObject = z.strictObject({
    ...element,
    logicalType: z.literal('object').optional(),
    dataGranularityDescription: z.string().optional(),
    properties: z.array(property).min(1),
    relationships: unchecked,
    quality: z.array(qualityRule).optional(),
});

/** A whole contract document. */
export const odcsDocument = z.strictObject({
    apiVersion: z.enum(['v3.0.0', 'v3.0.1', 'v3.0.2', 'v3.1.0']),
    kind: z.literal('DataContract'),
    id: z.string().min(1),
    name: z.string().optional(),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    status: z.string().min(1),
    tenant: unchecked,
    tags: unchecked,
    servers: unchecked,
    dataProduct: unchecked,
    description: z.strictObject({
        purpose: z.string().min(1),
        usage: unchecked,
        limitations: unchecked,
        authoritativeDefinitions: unchecked,
        customProperties: unchecked,
    }),
    domain: unchecked,
    schema: z.array(schemaObject).length(1),
    support: unchecked,
    price: unchecked,
    team: unchecked,
    roles: unchecked,
    slaDefaultElement: unchecked,
    slaProperties: unchecked,
    authoritativeDefinitions: unchecked,
    customProperties: z.array(customProperty).optional(),
    contractCreatedTs: unchecked,
});

export type OdcsDocument = z.infer<typeof odcsDocument>;
export type OdcsSchemaObject = z.infer<typeof schemaObject>;
export type OdcsProperty = z.infer<typeof property>;
export type OdcsCustomProperty = z.infer<typeof customProperty>;
export type OdcsQualityRule = z.infer<typeof qualityRule>;
