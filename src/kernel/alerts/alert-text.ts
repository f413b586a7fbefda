import { redact } from '../observability/redact.js';
import type { DueAlert } from './alert.js';

const DETAILS_LENGTH = 600;

/** Several alerts as one message, each with what it is about, how often, and where it comes from. */
export function alertText(alerts: readonly DueAlert[]): string {
  const head = alerts.length > 1 ? [`${alerts.length} alerts`] : [];
  return redact([...head, ...alerts.map(paragraph)].join('\n\n'));
}

function paragraph(alert: DueAlert): string {
  const { severity, title, fresh, seen, untoldSince, firstSeenAt, lastSeenAt, origin } = alert;
  const since =
    fresh === 1 ? `at ${at(lastSeenAt)}` : `from ${at(untoldSince)} to ${at(lastSeenAt)}`;
  const before = seen > fresh ? `, ${seen} since ${at(firstSeenAt)}` : '';
  const { module, role, host, environment } = origin;
  const details = JSON.stringify(alert.details);
  return [
    `${severity.toUpperCase()} ${title}`,
    `${fresh} new ${since}${before}`,
    ...(details === '{}' ? [] : [shortened(details)]),
    `${module}, ${role} on ${host}, ${environment}`,
  ].join('\n');
}

function at(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function shortened(text: string): string {
  return text.length <= DETAILS_LENGTH ? text : `${text.slice(0, DETAILS_LENGTH)}…`;
}
