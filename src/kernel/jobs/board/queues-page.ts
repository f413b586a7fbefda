import type { QueuesState } from './list-queues.js';
import type { WorkCounts } from '../work-source.js';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

const REDIS = {
  not_configured: 'No Redis: every worker polls the rows.',
  up: 'Redis hands the rows to free workers.',
  away: 'Redis is away: every worker polls the rows.',
};

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;text-align:right}
th:first-child,td:first-child{text-align:left}tbody tr{border-top:1px solid #ccc}
.queue{font-weight:600;background:#f4f4f4}.source td:first-child{padding-left:2rem}`;

/** The queues as a page without a script. Every word of it is source code, every figure a number. */
export function queuesPage({ redis, queues }: QueuesState): string {
  const rows = queues.flatMap(({ sources, ...queue }) => [
    row('queue', queue),
    ...sources.map((source) => row('source', source)),
  ]);
  const header = ['Queue', ...STATES].map((name) => `<th scope="col">${name}</th>`).join('');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Queues</title><style>${STYLE}</style></head>
<body>
<h1>Queues</h1>
<p>${REDIS[redis]}</p>
<table><thead><tr>${header}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
</body>
</html>
`;
}

function row(sort: string, counts: WorkCounts & { readonly name: string }): string {
  const cells = [counts.name, ...STATES.map((state) => String(counts[state]))];
  return `<tr class="${sort}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
