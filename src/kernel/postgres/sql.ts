import { createHash } from 'node:crypto';

/** A parametrised statement; its name lets PostgreSQL keep the plan for the connection's life. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name: string;
}

interface Template {
  readonly text: string;
  readonly name: string;
}

const templates = new WeakMap<TemplateStringsArray, Template>();

function compile(strings: TemplateStringsArray): Template {
  const text = strings.reduce((head, tail, index) => `${head}$${index}${tail}`);
  return { text, name: nameOf(text) };
}

const nameOf = (text: string): string => createHash('sha1').update(text).digest('base64url');

/**
 * Writes a statement as a template whose values become parameters, never text.
 * Arrays become PostgreSQL arrays and plain objects JSON; a JSON array must be stringified first.
 */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Statement {
  let template = templates.get(strings);
  if (!template) templates.set(strings, (template = compile(strings)));
  return { ...template, values };
}

/**
 * A statement whose text is put together from the source's own words, such as a table's name.
 * Nothing of the text may come from outside; values are `$1`, `$2`, …
 */
export function statement(text: string, values: readonly unknown[] = []): Statement {
  return { text, name: nameOf(text), values };
}
