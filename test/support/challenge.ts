import type { Reply } from './client.js';

/** What the buyer does on the page that the bank shows for 3-D Secure. */
export async function answerChallenge(
  { body }: Reply,
  outcome: 'complete' | 'fail',
): Promise<void> {
  const { redirectToUrl } = body.nextAction as { redirectToUrl: string };
  const { status } = await fetch(redirectToUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `outcome=${outcome}`,
  });
  if (status !== 303) throw new Error(`the challenge page answered ${status}`);
}
