import { type RunningApp, startApp } from '../support/app.js';
import { AnswerSchemas } from '../support/answer-schema.js';
import { registeredRoutes } from '../support/fastify-routes.js';
import {
  type Answered,
  ApiDocument,
  propertiesOf,
  type Route,
  type Schema,
} from '../support/openapi.js';
import { SampleRequests } from '../support/sample-requests.js';
import { anonymous, type Headers } from '../support/signers.js';

let running: RunningApp;
let document: ApiDocument;

beforeAll(async () => {
  running = await startApp({ ROLE: 'api' });
  document = await ApiDocument.of(running.url);
});

afterAll(() => running.close());

/** The document itself and the page that shows it. */
const isDocumentation = (key: string) => /^(GET|HEAD) \/docs(-json|$|\/)/.test(key);

/** A reader can tell what it is: by an example, the words it may be, or a form that says all. */
function isShown({ type, example, enum: words, format, properties, items, oneOf }: Schema) {
  if (example !== undefined || words || properties || oneOf || type === 'boolean') return true;
  if (type === 'array') return items !== undefined;
  return ['uuid', 'date-time', 'date'].includes(format ?? '');
}

function schemaOf({ content }: Answered): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

const successes = ({ operation }: Route) =>
  Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));

describe('the document', () => {
  it('has every route of the router, and no other', () => {
    const registered = registeredRoutes(running.app).filter((key) => !isDocumentation(key));
    const withoutHead = registered.filter((key) => !key.startsWith('HEAD '));
    expect(withoutHead.length).toBeGreaterThan(25);
    expect(withoutHead.sort()).toEqual(document.routes.map(({ key }) => key).sort());
  });

  it('says what each route is for, and who may call it', () => {
    const schemes = Object.keys(document.raw.components.securitySchemes);
    for (const route of document.routes) {
      expect([route.key, route.operation.summary]).toEqual([
        route.key,
        expect.stringMatching(/^[A-Z].{8,}/),
      ]);
      for (const scheme of document.schemesOf(route)) expect(schemes).toContain(scheme);
    }
  });

  it('shows each answer: a schema whose every member has an example or a form', () => {
    const missing: string[] = [];
    for (const route of document.routes) {
      expect(successes(route)).not.toEqual([]);
      for (const [status, answer] of successes(route)) {
        const schema = schemaOf(answer);
        if (!schema) missing.push(`${route.key} ${status}: no schema`);
        else if (!isShown(document.resolve(schema))) missing.push(`${route.key} ${status}`);
        for (const property of propertiesOf(document, schema ?? {})) {
          if (!isShown(property.schema)) {
            missing.push(`${route.key} ${status} ${property.path.join('.')}`);
          }
        }
      }
    }
    expect(missing).toEqual([]);
  });

  it('describes each member of each body, and each parameter', () => {
    const missing: string[] = [];
    for (const route of document.routes) {
      for (const { path, schema } of propertiesOf(document, route.body ?? {})) {
        if (!isShown(schema) && schema.description === undefined) {
          missing.push(`${route.key} ${path.join('.')}`);
        }
      }
      for (const { name, description, schema } of route.operation.parameters ?? []) {
        if (!schema?.type) missing.push(`${route.key} ${name}: no type`);
        const tells = description ?? schema?.default ?? schema?.minimum;
        if (!isShown(schema ?? {}) && tells === undefined) missing.push(`${route.key} ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('names its errors: codes by status, each with an example in the envelope', () => {
    for (const route of document.routes) {
      const errors = Object.keys(route.operation.responses).filter((s) => Number(s) >= 400);
      expect([route.key, errors]).toEqual([route.key, expect.arrayContaining(['400'])]);
      for (const status of errors) {
        const { examples = {} } =
          route.operation.responses[status]?.content?.['application/json'] ?? {};
        for (const [code, { value }] of Object.entries(examples)) {
          expect([route.key, value]).toMatchObject([route.key, { code, requestId: SOME_TEXT }]);
        }
      }
    }
  });

  it('names the refusals of a missing token, a wrong body, another type and a size', () => {
    for (const route of document.routes) {
      const codes = [401, 413, 415, 422].map((status) => document.codesOf(route, status));
      const [unauthorized = [], large = [], typed = [], invalid = []] = codes;
      const isClosed = document.schemesOf(route).length > 0;
      const hasFields = propertiesOf(document, route.body ?? {}).length > 0;
      expect([route.key, unauthorized.includes('AUTH_REQUIRED')]).toEqual([route.key, isClosed]);
      expect([route.key, large.length > 0, typed.length > 0]).toEqual([
        route.key,
        route.body !== undefined,
        route.body !== undefined,
      ]);
      if (hasFields) expect(invalid).toContain('VALIDATION_ERROR');
    }
  });

  it('names every shape, the envelope of errors among them', () => {
    const names = Object.keys(document.raw.components.schemas);
    expect(names).toContain('Error');
    expect(names).not.toContain('Object');
  });
});

/** Their answers are texts for other readers. */
const NOT_JSON = new Set(['GET /metrics', 'GET /events']);

const SOME_TEXT = expect.any(String) as string;

describe('the answers', () => {
  it('are as documented, with no member more', async () => {
    running.world.stripe.clearWebhook();
    const samples = await SampleRequests.prepare(running);
    const schemas = new AnswerSchemas(document);
    const flaws: string[] = [];
    for (const route of document.routes.filter(({ key }) => !NOT_JSON.has(key))) {
      const { path, body, signer = anonymous } = await samples.of(route.key);
      const bytes = body && Buffer.from(JSON.stringify(body));
      const headers: Headers = {
        ...(bytes ? { 'content-type': 'application/json' } : {}),
        ...signer({ method: route.method, path, body: bytes }),
      };
      const response = await fetch(`${running.url}${path}`, {
        method: route.method,
        headers,
        ...(bytes ? { body: new Uint8Array(bytes) } : {}),
      });
      flaws.push(...schemas.flaws(route, response.status, await response.json()));
    }
    expect(flaws).toEqual([]);
  });
});

describe('the page', () => {
  const page = async () => {
    const response = await fetch(`${running.url}/docs`);
    return { response, html: await response.text() };
  };

  it('comes under a policy that lets nothing in from outside', async () => {
    const { response } = await page();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const policy = response.headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(
      policy.split(';').map((part) => {
        const [name = '', ...sources] = part.trim().split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
    expect(directives['script-src']).not.toContain('unsafe-inline');
  });

  it('holds no inline script, no handler and no address of another host', async () => {
    const { html } = await page();
    const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(1);
    for (const [, attributes = '', code = ''] of scripts) {
      expect(attributes).toMatch(/\bsrc=/);
      expect(code.trim()).toBe('');
    }
    expect(html).not.toMatch(/\son\w+\s*=|javascript:/i);
    expect(html).not.toMatch(/(?:src|href|action)\s*=\s*["']?(?:https?:)?\/\//i);
  });

  it('loads everything it names from here', async () => {
    const { html } = await page();
    const named = [...html.matchAll(/\b(?:src|href)="([^"#]+)"/g)].map(([, file]) => file ?? '');
    expect(named.length).toBeGreaterThan(4);
    for (const file of named) {
      const response = await fetch(new URL(file, `${running.url}/docs`));
      expect([file, response.status]).toEqual([file, 200]);
      const text = await response.text();
      if (file.endsWith('.css')) expect(text).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\//);
      // The bundle would otherwise ask swagger.io what it thinks of the document.
      if (file.endsWith('swagger-ui-init.js')) expect(text).toContain('"validatorUrl": null');
    }
  });
});
