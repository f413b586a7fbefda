import { AsyncLocalStorage } from 'node:async_hooks';

/** Who and what the running code works for; it travels with the request and into every log line. */
export interface RequestContext {
  readonly requestId: string;
  readonly correlationId: string;
  /** Known once the caller is authenticated. */
  tenantId?: string;
  userId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the request, job or webhook under way; undefined outside of any. */
export function requestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs `work`, and everything it starts, inside the context. */
export function withRequestContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
