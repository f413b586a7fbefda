import { createHash } from 'node:crypto';
import type { CatalogueEntry } from './event-type.js';

const STYLE = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
h2 { margin-top: 3rem; font: 600 1.2rem/1.5 ui-monospace, monospace; }
h2 small { font-weight: 400; opacity: 0.6; }
pre { padding: 1rem; overflow: auto; border-radius: 6px; background: #8881; }
li, pre { font: 14px/1.5 ui-monospace, monospace; }
`;

const digest = createHash('sha256').update(STYLE).digest('base64');

/** Nothing may be loaded or run: the one style sheet is allowed by its hash. */
export const PAGE_POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${digest}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join(';');

/** The catalogue as a page to read. */
export function cataloguePage(entries: readonly CatalogueEntry[]): string {
  const links = entries.map(
    ({ type }) => `<li><a href="#${escape(type)}">${escape(type)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Events · TicketToken Payments</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Events</h1>
<p>What TicketToken Payments tells others. A webhook carries one of these as <code>data</code>, with
<code>id</code>, <code>type</code>, <code>version</code>, <code>timestamp</code>,
<code>aggregate</code> and its <code>sequence</code> beside it. Amounts are cents. The same as
<a href="/events/catalogue">JSON</a>.</p>
<ul>
${links.join('\n')}
</ul>
${entries.map(section).join('\n')}
</body>
</html>
`;
}

function section({ type, version, description, schema, example }: CatalogueEntry): string {
  return `<section id="${escape(type)}">
<h2>${escape(type)} <small>version ${version}</small></h2>
<p>${escape(description)}</p>
<h3>Example</h3>
<pre>${escape(JSON.stringify(example, null, 2))}</pre>
<details>
<summary>JSON Schema</summary>
<pre>${escape(JSON.stringify(schema, null, 2))}</pre>
</details>
</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
