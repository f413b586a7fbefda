/** One thing that is damaged in the database, and the rule that has to name it. */
export interface Damage {
  readonly rule: string;
  readonly statement: string;
}

/** One row of a table, whichever comes first. */
export const ONE = (table: string): string => `ctid = (SELECT min(ctid) FROM ${table})`;

export const PAYMENT_EVENT = 'UPDATE payment_event_sequence SET';
