import '../refuse-production.js';
import { start } from '../../start.js';
import { CARDS } from '../cards.js';
import { findWorld } from '../contact.js';
import { sandboxFolder, worldFiles } from '../folder.js';
import { books } from './chapters/books.js';
import { buy } from './chapters/buy.js';
import { dispute } from './chapters/dispute.js';
import { janitor } from './chapters/janitor.js';
import { mails } from './chapters/mails.js';
import { mint } from './chapters/mint.js';
import { reconcile } from './chapters/reconcile.js';
import { onSale } from './chapters/on-sale.js';
import { refund } from './chapters/refund.js';
import { storm } from './chapters/storm.js';
import { trouble } from './chapters/trouble.js';
import { heading } from './print.js';
import { purchase, setStage, type Stage } from './stage.js';

/** The play must not wait eight seconds for the provider that hangs. */
const SETTINGS = { STRIPE_TIMEOUT_MS: '1500', LOG_LEVEL: 'fatal' };

/**
 * `npm run demo`: starts the sandbox and the application, sells tickets through the public API and
 * prints what happened. Stays up afterwards, or exits with `--once`; a scene that does not go as
 * it should ends it with code 1.
 */
async function demo(leave: boolean): Promise<void> {
  const { DATABASE_URL: _, DB_HOST: __, ...env } = process.env;
  const app = await start({ ...SETTINGS, ...env });
  const world = await findWorld(worldFiles(sandboxFolder()));
  if (!world) throw new Error('The sandbox has gone.');
  const status = (await (await fetch(world.controlUrl)).json()) as {
    emulators: Record<string, string>;
  };
  const stage = await setStage(app.url, world.controlUrl, status.emulators);
  console.log(`TicketToken Payments at ${app.url}`);
  const paymentId = await buy(stage);
  await trouble(stage);
  await books(stage, paymentId);
  await refund(stage);
  await mails(stage);
  await mint(stage);
  await dispute(stage);
  await storm(stage, paymentId);
  await janitor(stage);
  await onSale(stage);
  await reconcile(stage);
  if (leave) {
    await app.stop();
    return;
  }
  links(stage, app.metricsUrl);
  // The application's own signal handling ends the process.
  await new Promise(() => undefined);
}

function links(stage: Stage, metricsUrl: string | null): void {
  heading('Now you', 'The application stays up until Ctrl-C.');
  console.log(`  Swagger UI   ${stage.url}/docs`);
  console.log(`  Sandbox      ${stage.url}/sandbox   ids, tokens and cards`);
  console.log(`  Mailbox      ${stage.url}/sandbox/mail   what buyers were sent`);
  console.log(`  Metrics      ${metricsUrl ?? 'off'}`);
  console.log('\nA purchase that works as pasted:\n');
  const body = JSON.stringify(purchase(stage, CARDS.ok));
  console.log(
    `curl -s -X POST ${stage.url}/api/v1/payments/process -H 'content-type: application/json' ` +
      `-H "idempotency-key: $(node -p 'crypto.randomUUID()')" ` +
      `-H 'authorization: Bearer ${stage.buyer.token}' -d '${body}'\n`,
  );
}

demo(process.argv.includes('--once')).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
