import { audit } from '../../../src/auditor/audit.js';
import type { TruthDump } from '../../../src/sandbox/stripe/truth.js';
import { providerRecord } from './provider-record.js';

/** What the auditor looks at: a database, and what the provider knows to be true. */
export interface Audited {
  readonly description: { readonly databaseUrl: string };
  readonly stripe: { truth(): TruthDump };
}

/**
 * The violated invariants, one text each that begins with the invariant's number; empty when all
 * hold. Everything must be at rest, or `graceSeconds` be as long as something may stay open.
 */
export async function checkInvariants(world: Audited, graceSeconds = 0): Promise<string[]> {
  const findings = await audit(
    world.description.databaseUrl,
    () => Promise.resolve(providerRecord(world.stripe.truth())),
    { maxAgeSeconds: Math.trunc(graceSeconds), keyLifetimeSeconds: 86_400 },
  );
  return findings.flatMap(({ invariant, rule, violations }) =>
    violations.map((found) => `${invariant} ${rule}: ${found}`),
  );
}
