import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Exchange } from './stripe-sandbox.js';

type Schema = Record<string, unknown>;

interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
  'x-query-schema'?: Schema;
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}

interface ContractFile {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const FILE = path.join(
  process.env['TICKETTOKEN_CONTRACT_DIR'] ??
    fileURLToPath(new URL('../../../../shared/stripe', import.meta.url)),
  'stripe-contract.json.gz',
);

/** False, and said aloud, where Stripe's contract is not at hand; an error where it must be. */
export function contractAvailable(): boolean {
  if (existsSync(FILE)) return true;
  if (process.env['REQUIRE_STRIPE_CONTRACT'] === '1') {
    throw new Error(`Stripe's contract is required and not at ${FILE}`);
  }
  console.warn(`SKIPPED: Stripe's contract is not at ${FILE}`);
  return false;
}

/** `x-known`: all fields that Stripe documents, so any other is the emulator's invention. */
function closeKnown(node: unknown): void {
  if (Array.isArray(node)) node.forEach(closeKnown);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const schema = node as Schema;
  if (schema['x-known'] === true && schema['type'] === 'object') {
    schema['additionalProperties'] ??= false;
    const properties = schema['properties'] as Record<string, Schema> | undefined;
    const kind = properties?.['object']?.['enum'] as string[] | undefined;
    // The typings give search results a `next_page` that the derived contract leaves out.
    if (properties !== undefined && kind?.[0] === 'search_result') {
      properties['next_page'] = { anyOf: [{ type: 'string' }, { type: 'null' }] };
    }
  }
  Object.values(schema).forEach(closeKnown);
}

type Form = string | Form[] | Hash;
interface Hash {
  [key: string]: Form;
}

const arrays = (node: Form): Form => {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map(arrays);
  const entries = Object.entries(node).map(([key, value]) => [key, arrays(value)] as const);
  return entries.length > 0 && entries.every(([key], i) => key === String(i))
    ? entries.map(([, value]) => value)
    : Object.fromEntries(entries);
};

/** The parameters as the SDK meant them, read back from what it sent. */
function parameters(encoded: string): Form {
  const root: Hash = {};
  for (const [name, value] of new URLSearchParams(encoded)) {
    const keys = name.replaceAll(']', '').split('[');
    let node = root;
    keys.slice(0, -1).forEach((key) => {
      node = (node[key] ??= {}) as Hash;
    });
    node[keys.at(-1) ?? ''] = value;
  }
  return arrays(root);
}

/** Stripe's contract as a judge. */
export class StripeContract {
  private readonly file: ContractFile;
  private readonly compiled = new Map<Ajv2020, Map<string, ValidateFunction>>();
  private readonly answers = new Ajv2020({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
  });
  private readonly requests = new Ajv2020({
    strict: false,
    validateSchema: false,
    inlineRefs: false,
    coerceTypes: true,
  });

  constructor() {
    this.file = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as ContractFile;
    closeKnown(this.file);
    for (const ajv of [this.answers, this.requests]) {
      ajv.addSchema({ $id: 'stripe', components: this.file.components });
    }
  }

  /** What is wrong with an object that claims to be of this kind; empty when nothing is. */
  object(component: string, value: unknown): string[] {
    return this.check(this.answers, { $ref: `#/components/schemas/${component}` }, value);
  }

  /** What is wrong with a request and its answer. */
  exchange(exchange: Exchange): string[] {
    const { method, path: url, query, body, status, answer } = exchange;
    const operation = this.operation(method, url);
    if (operation === undefined) return [`no operation ${method} ${url}`];
    const form = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema;
    const asked = form ?? operation['x-query-schema'] ?? {};
    const wrong = this.check(this.requests, asked, parameters(method === 'GET' ? query : body));
    const parsed = JSON.parse(answer) as { error?: Record<string, unknown> };
    if (status === 200) {
      const promised = operation.responses['200']?.content['application/json']?.schema ?? {};
      return [...wrong, ...this.check(this.answers, promised, parsed)];
    }
    return [...wrong, ...this.failure(parsed.error)];
  }

  /** Errors have no schema of their own in the contract, the same object on an intent has. */
  private failure(error: Record<string, unknown> | undefined): string[] {
    if (error === undefined) return ['an error without its envelope'];
    return this.object('PaymentIntent.LastPaymentError', error);
  }

  private operation(method: string, url: string): Operation | undefined {
    const pieces = url.split('/');
    const fits = (pattern: string) => {
      const wanted = pattern.split('/');
      return (
        wanted.length === pieces.length &&
        wanted.every((piece, i) => piece.startsWith('{') || piece === pieces[i])
      );
    };
    const exact =
      this.file.paths[url] ?? Object.entries(this.file.paths).find(([p]) => fits(p))?.[1];
    return exact?.[method.toLowerCase()];
  }

  private check(ajv: Ajv2020, schema: Schema, value: unknown): string[] {
    const absolute = JSON.stringify(schema).replaceAll('"#/components', '"stripe#/components');
    const compiled = this.compiled.get(ajv) ?? new Map<string, ValidateFunction>();
    this.compiled.set(ajv, compiled);
    const validate = compiled.get(absolute) ?? ajv.compile(JSON.parse(absolute) as Schema);
    compiled.set(absolute, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }
}
