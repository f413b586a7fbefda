import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { tracing } from '@opentelemetry/sdk-node';
import { discreet } from './span-facts.js';

const PERSONAL = 'ada@example.com';

/** What an exporter behind the discreet one is given of a span that has everything. */
async function exported(kind: SpanKind): Promise<tracing.ReadableSpan> {
  const memory = new tracing.InMemorySpanExporter();
  const provider = new tracing.BasicTracerProvider({
    spanProcessors: [new tracing.SimpleSpanProcessor(discreet(memory))],
  });
  const span = provider.getTracer('spec').startSpan('GET /x', {
    kind,
    attributes: {
      'http.route': '/x',
      'http.response.status_code': 500,
      'server.address': 'api.example.com',
      'url.full': `https://api.example.com/x?mail=${PERSONAL}`,
      'client.address': '203.0.113.7',
      'user_agent.original': PERSONAL,
      'db.query.text': `SELECT '${PERSONAL}'`,
      'a.fact.of.tomorrow': PERSONAL,
    },
  });
  span.recordException(new Error(`nobody is called ${PERSONAL}`));
  span.setStatus({ code: SpanStatusCode.ERROR, message: PERSONAL }).end();
  await provider.forceFlush();
  const [found] = memory.getFinishedSpans();
  if (!found) throw new Error('nothing was exported');
  return found;
}

describe('a span that leaves', () => {
  it('has its name, its times, its outcome and the listed attributes', async () => {
    const span = await exported(SpanKind.CLIENT);
    expect(span).toMatchObject({ name: 'GET /x', kind: SpanKind.CLIENT, ended: true });
    expect(span.duration).toHaveLength(2);
    expect(span.attributes).toEqual({
      'http.route': '/x',
      'http.response.status_code': 500,
      'server.address': 'api.example.com',
    });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span.spanContext().traceId).toMatch(/^[\da-f]{32}$/);
  });

  it('has neither events nor messages', async () => {
    expect((await exported(SpanKind.CLIENT)).events).toEqual([]);
  });

  it('tells of a request nothing that its client has chosen', async () => {
    expect((await exported(SpanKind.SERVER)).attributes).not.toHaveProperty('server.address');
  });
});
