/** Facts on a span; keys as OpenTelemetry's conventions name them. Only those listed in `span-facts.ts` leave the process. */
export type SpanFacts = Readonly<Record<string, string | number>>;

/** What `tracing.ts` does for the application once it is switched on. */
export interface Tracing {
  traceparent(): string | undefined;
  continued<T>(traceparent: string | undefined, name: string, work: () => Promise<T>): Promise<T>;
  leaf<T>(name: string, facts: () => SpanFacts, work: () => Promise<T>): Promise<T>;
  describe(name: string, facts: SpanFacts): void;
  stop(): Promise<void>;
}

// Not @opentelemetry/api, which has the same switch: without tracing nothing of it is even read.
let tracing: Tracing | undefined;

/** Switches tracing on for this process, or off with `undefined`. */
export function useTracing(implementation: Tracing | undefined): void {
  tracing = implementation;
}

/**
 * The W3C `traceparent` of the work under way, to be stored with what continues it later;
 * undefined without tracing, and outside of any trace.
 */
export function currentTraceparent(): string | undefined {
  return tracing?.traceparent();
}

/**
 * Does work that a row has carried here, as a span called `name` of the row's trace. Without a
 * (valid) `traceparent` the span begins a trace of its own; without tracing there is only the work.
 */
export function withTraceparent<T>(
  traceparent: string | null | undefined,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  return tracing ? tracing.continued(traceparent ?? undefined, name, work) : work();
}

/**
 * A span around a call to something outside, which itself starts no further spans. Only inside a
 * trace: elsewhere, and without tracing, there is only the work. `facts` is not asked in vain.
 */
export function withLeafSpan<T>(
  name: string,
  facts: () => SpanFacts,
  work: () => Promise<T>,
): Promise<T> {
  return tracing ? tracing.leaf(name, facts, work) : work();
}

/** Renames the span under way and adds to it what became known after it began. */
export function describeSpan(name: string, facts: SpanFacts): void {
  tracing?.describe(name, facts);
}

/** Sends what is not sent yet, for two seconds at most, and ends tracing. */
export async function stopTracing(): Promise<void> {
  await tracing?.stop();
}
