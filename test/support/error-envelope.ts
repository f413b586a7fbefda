import type { ApiDocument, Route } from './openapi.js';

const LEAKS =
  /node_modules|\bat \S+ \(|\.[cm]?[jt]s:\d|\b(SELECT|INSERT|UPDATE|DELETE|FROM) |relation "|column "|constraint|QueryFailed|TypeError|pg_|postgres/i;

/** What is wrong with an error answer as the specification shapes it; nothing when it is right. */
export function flawsOfError(
  answer: { readonly status: number; readonly text: string; readonly headers: Headers },
  path: string,
): string[] {
  const flaws: string[] = [];
  const body = parse(answer.text);
  if (!body) return [`no JSON: ${answer.text.slice(0, 80)}`];
  const { error, code, timestamp, path: told, requestId, errors, ...extra } = body;
  if (typeof error !== 'string' || error === '') flaws.push('no error');
  if (typeof code !== 'string') flaws.push('no code');
  if (Number.isNaN(Date.parse(String(timestamp)))) flaws.push('no timestamp');
  if (told !== path.split('?')[0]?.slice(0, 256)) flaws.push(`path ${String(told)}`);
  if (requestId !== answer.headers.get('x-request-id')) flaws.push('requestId');
  if (answer.status === 422 && !isFieldList(errors)) flaws.push('no errors[]');
  if (Object.keys(extra).length > 0) flaws.push(`more: ${Object.keys(extra).join()}`);
  if (LEAKS.test(answer.text)) flaws.push(`leaks: ${answer.text.slice(0, 200)}`);
  return flaws;
}

/** Does a 422 name the field, or the one that it is in, or one inside of it? */
export function namesField(text: string, field: string): boolean {
  const errors = parse(text)?.errors;
  if (!isFieldList(errors)) return false;
  return (errors as { field: string }[]).some(
    (error) =>
      error.field === field ||
      field.startsWith(`${error.field}.`) ||
      error.field.startsWith(`${field}.`),
  );
}

/** Whether the document promises this answer: its status, and for an error its code. */
export function isDocumented(
  document: ApiDocument,
  route: Route,
  answer: { readonly status: number; readonly text: string },
): boolean {
  if (answer.status < 400) return String(answer.status) in route.operation.responses;
  return document.codesOf(route, answer.status).includes(String(parse(answer.text)?.code));
}

function isFieldList(errors: unknown): boolean {
  return (
    Array.isArray(errors) &&
    errors.length > 0 &&
    errors.every(
      (item: { field?: unknown; message?: unknown }) =>
        typeof item.field === 'string' && typeof item.message === 'string',
    )
  );
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
