import type { Finding } from './audit.js';

/** What a person reads: a line for each rule, and under a broken one each violation by name. */
export function reportText(findings: readonly Finding[]): string {
  const broken = findings.filter(isBroken);
  const total = broken.reduce((sum, { violations }) => sum + violations.length, 0);
  const summary =
    total === 0
      ? `Every invariant holds (${findings.length} rules).`
      : `${total} violations of ${broken.length} rules, of ${findings.length}.`;
  return [...findings.flatMap(lines), '', summary].join('\n');
}

/** The same for programs. */
export function reportJson(findings: readonly Finding[]): string {
  return JSON.stringify({ ok: !findings.some(isBroken), findings }, null, 2);
}

export function isBroken({ violations }: Finding): boolean {
  return violations.length > 0;
}

function lines({ invariant, rule, violations }: Finding): string[] {
  const word = violations.length === 0 ? 'ok' : 'VIOLATED';
  return [
    `${word.padEnd(9)}${invariant.padEnd(5)}${rule}`,
    ...violations.map((each) => `${' '.repeat(14)}${each}`),
  ];
}
