import { z } from 'zod';

/**
 * The Open Data Contract Standard, versions 3.0.0 to 3.1.0, as far as a contract of flat columns uses it. Keys and
 * types are those of the standard's JSON schema (https://github.com/bitol-io/open-data-contract-standard); keys the
 * standard does not have are refused. Parts that Cartlake carries but does not read are left unchecked.
 */
const unread = z.unknown().optional();

const customProperty = z.strictObject({
    id: unread,
    property: z.string(),
    value: z.unknown(),
    description: unread,
});

const element = {
    id: unread,
    name: z.string(),
    physicalName: z.string().optional(),
    physicalType: z.string().optional(),
    description: z.string().optional(),
    businessName: z.string().optional(),
    authoritativeDefinitions: unread,
    tags: unread,
    customProperties: z.array(customProperty).optional(),
};

const qualityRule = z.looseObject({
    type: z.enum(['text', 'library', 'sql', 'custom']).optional(),
    metric: z.enum(['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount']).optional(),
    /** Versions before 3.1.0 call the metric so. */
    rule: z.string().optional(),
    arguments: z.record(z.string(), z.unknown()).optional(),
    validValues: z.unknown(),
    mustBe: z.unknown(),
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
    classification: unread,
    encryptedName: unread,
    transformSourceObjects: unread,
    transformLogic: unread,
    transformDescription: unread,
    examples: unread,
    criticalDataElement: unread,
    relationships: unread,
    quality: z.array(qualityRule).optional(),
});

const schemaObject = z.strictObject({
    ...element,
    logicalType: z.literal('object').optional(),
    dataGranularityDescription: z.string().optional(),
    properties: z.array(property).min(1),
    relationships: unread,
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
    tenant: unread,
    tags: unread,
    servers: unread,
    dataProduct: unread,
    description: z.strictObject({
        purpose: z.string().min(1),
        usage: unread,
        limitations: unread,
        authoritativeDefinitions: unread,
        customProperties: unread,
    }),
    domain: unread,
    schema: z.array(schemaObject).length(1),
    support: unread,
    price: unread,
    team: unread,
    roles: unread,
    slaDefaultElement: unread,
    slaProperties: unread,
    authoritativeDefinitions: unread,
    customProperties: z.array(customProperty).optional(),
    contractCreatedTs: unread,
});

export type OdcsDocument = z.infer<typeof odcsDocument>;
export type OdcsSchemaObject = z.infer<typeof schemaObject>;
export type OdcsProperty = z.infer<typeof property>;
export type OdcsCustomProperty = z.infer<typeof customProperty>;
export type OdcsQualityRule = z.infer<typeof qualityRule>;
