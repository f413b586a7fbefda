import { challengePage, closingPage } from './challenge-page.js';
import type { Answer } from './http/pipeline.js';
import { authenticate } from './payment-intents/authenticate.js';
import type { IntentRecord } from './state/records.js';
import type { World } from './state/world.js';

const html = (status: number, body: string, formTarget = "'self'"): Answer => ({
  status,
  body,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action ${formTarget}; frame-ancestors *`,
    'cache-control': 'no-store',
  },
});

const notWaiting = (): Answer =>
  html(409, closingPage('This payment is not waiting for authentication.'));

const returnUrlOf = ({ nextAction }: IntentRecord): string | null =>
  nextAction?.type === 'redirect_to_url' ? nextAction.returnUrl : null;

/** Browsers hold a form's redirect to `form-action` too, so the way back must be allowed. */
function formTarget(intent: IntentRecord): string {
  const back = returnUrlOf(intent);
  if (back === null) return "'self'";
  const { origin, protocol } = new URL(back);
  return `'self' ${origin === 'null' ? protocol : origin}`;
}

function backTo(returnUrl: string, intent: IntentRecord, status: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', intent.clientSecret);
  url.searchParams.set('redirect_status', status);
  return url.href;
}

/**
 * The page of `next_action`, for browsers: no API key, the client secret in the address opens it.
 * GET shows the question, POST takes `outcome=complete|fail` and goes back to the return URL.
 */
export function challenge(
  world: World,
  request: { method: string; path: string; query: string; body: string },
): Answer {
  const intent = world.intents.get(request.path.slice('/3ds/'.length));
  const secret = new URLSearchParams(request.query).get('client_secret');
  if (intent?.clientSecret !== secret) {
    return html(404, closingPage('There is no such authentication.'));
  }
  if (request.method !== 'POST') {
    return intent.status === 'requires_action'
      ? html(200, challengePage(intent), formTarget(intent))
      : notWaiting();
  }
  const outcome = new URLSearchParams(request.body).get('outcome');
  if (outcome !== 'complete' && outcome !== 'fail') {
    return html(400, closingPage('Choose to complete or to fail.'));
  }
  const back = returnUrlOf(intent);
  const status = authenticate(world, intent, outcome);
  if (status === null) return notWaiting();
  if (back === null) return html(200, closingPage(`Authentication ${status}.`));
  return { status: 303, body: '', headers: { location: backTo(back, intent, status) } };
}
