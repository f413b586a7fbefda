import { parseArgs } from 'node:util';
import { audit } from './audit.js';
import { readStripe } from './provider/stripe-lists.js';
import { isBroken, reportJson, reportText } from './report.js';
import { settingsFrom } from './settings.js';

/**
 * `npm run verify`: holds the database against itself and against the provider's own lists. Ends
 * with 0 when every invariant holds, 1 when one is violated, 2 when it could not be found out.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, 'max-age': { type: 'string' } },
  });
  const { databaseUrl, stripe, options } = settingsFrom(process.env, values['max-age']);
  const findings = await audit(databaseUrl, () => readStripe(stripe), options);
  console.log(values.json ? reportJson(findings) : reportText(findings));
  return findings.some(isBroken) ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
