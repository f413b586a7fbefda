import type { IntentRecord } from './state/records.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

const amount = ({ amount: minor, currency }: IntentRecord): string =>
  `${String(Math.floor(minor / 100))}.${String(minor % 100).padStart(2, '0')} ${currency.toUpperCase()}`;

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
button { font: inherit; padding: .75rem 1.25rem; margin: 0 .5rem .5rem 0; border: 2px solid #1a4fa3; border-radius: .375rem; cursor: pointer; }
button:focus-visible { outline: 3px solid #d97706; outline-offset: 2px; }
.go { background: #1a4fa3; color: #fff; }
.stop { background: #fff; color: #1a4fa3; }
</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;

/** The bank's question, as a form that works without script and with the keyboard alone. */
export const challengePage = (intent: IntentRecord): string =>
  page(
    '3-D Secure test',
    `<h1>3-D Secure test page</h1>
<p>A payment of <strong>${escape(amount(intent))}</strong>${
      intent.description === null ? '' : ` for ${escape(intent.description)}`
    } asks you to authenticate. No bank is asked and no money moves.</p>
<form method="post">
<button class="go" type="submit" name="outcome" value="complete">Complete authentication</button>
<button class="stop" type="submit" name="outcome" value="fail">Fail authentication</button>
</form>`,
  );

/** What is shown where no page of the shop takes over. */
export const closingPage = (message: string): string =>
  page('3-D Secure test', `<h1>${escape(message)}</h1>\n<p>You can close this page.</p>`);
