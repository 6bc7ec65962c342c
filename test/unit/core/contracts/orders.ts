import { checkContracts } from '#core/contracts/check.ts';

/** A small valid contract that uses every property there is; tests change a piece of it. */
export const ORDERS = `apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.2.3
status: active
description:
  purpose: Orders of the shop.
schema:
  - name: orders
    customProperties:
      - { property: loadMode, value: upsert }
      - { property: schemaPolicy, value: evolve }
      - { property: filePatterns, value: ["orders*.csv"] }
      - { property: versionColumn, value: updated_at }
      - { property: parameters, value: { price_reading: line_paid } }
    properties:
      - name: line_number
        logicalType: integer
        primaryKey: true
        primaryKeyPosition: 2
      - name: order_id
        logicalType: integer
        primaryKey: true
        primaryKeyPosition: 1
        logicalTypeOptions: { minimum: 1, format: i64 }
        customProperties:
          - { property: aliases, value: [orderId, " order no "] }
      - name: ordered_at
        physicalName: order_ts
        logicalType: timestamp
        partitioned: true
      - name: updated_at
        logicalType: date
        physicalType: timestamp
      - name: shipped_on
        logicalType: date
      - name: status
        description: Where the order stands.
        logicalType: string
        required: true
        quality:
          - { type: text, description: Never goes back. }
          - { metric: invalidValues, mustBe: 0, arguments: { validValues: [open, paid] } }
        customProperties:
          - { property: valueAliases, value: { " Offen ": open, OPEN: open } }
      - name: total
        logicalType: number
        physicalType: decimal(18, 2)
        logicalTypeOptions: { minimum: 0.10, maximum: 9999.5 }
      - name: weight
        logicalType: number
      - name: is_gift
        logicalType: boolean
`;

/** The contract with one piece of its text replaced; fails when the piece is not there. */
export function changed(piece: string, replacement: string, text = ORDERS): string {
    if (!text.includes(piece)) throw new Error(`no ${JSON.stringify(piece)} in the contract`);
    return text.replace(piece, () => replacement);
}

/** Problem lines of one contract text. */
export function problemsOf(text: string, name = 'orders.odcs.yaml'): readonly string[] {
    return checkContracts([{ name, text }]).files[0]!.problems;
}
