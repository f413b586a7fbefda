import { checkExpand, expandAll, type Kind } from './expand.js';
import type { FormHash } from './form.js';
import { decode, type Decoded, type Shape } from './params.js';
import type { Cause, World } from '../state/world.js';

/** One request on its way through an operation. */
export interface Call extends Cause {
  world: World;
}

/** Ids out of the path. */
export type PathIds = Readonly<Record<string, string>>;

export interface Operation {
  method: 'GET' | 'POST';
  /** Path pieces; one that starts with `:` takes anything and names it. */
  path: readonly string[];
  /** Checks the parameters (nothing happens yet) and returns what would happen. */
  prepare(form: FormHash, ids: PathIds): (call: Call) => object;
}

/**
 * Defines one operation of the API: its parameters (a closed set), which of them must be there,
 * and what it does. `expand` is understood by every operation that declares it.
 */
export function operation<S extends Shape, R extends keyof S & string = never>(
  method: 'GET' | 'POST',
  path: string,
  definition: {
    /** What it answers with, or lists. */
    kind: Kind;
    params: S;
    required?: readonly R[];
    /** Refusals that the parameters alone decide: nothing has run, so no idempotent answer is kept. */
    check?: (params: Decoded<S, R>) => void;
    run: (call: Call, params: Decoded<S, R>, ids: PathIds) => object;
  },
): Operation {
  return {
    method,
    path: path.split('/').slice(1),
    prepare(form, ids) {
      const params = decode<S, R>(definition.params, form, definition.required ?? []);
      definition.check?.(params);
      const paths = (params as { expand?: string[] }).expand ?? [];
      checkExpand(definition.kind, paths);
      return (call) => expandAll(call.world, definition.run(call, params, ids), paths);
    },
  };
}

/** Finds the operation for a request, and the ids in its path. */
export function match(
  operations: readonly Operation[],
  method: string,
  path: string,
): { operation: Operation; ids: PathIds } | undefined {
  const pieces = path.split('/').slice(1);
  const operation = operations.find(
    (each) =>
      each.method === method &&
      each.path.length === pieces.length &&
      each.path.every((piece, i) =>
        piece.startsWith(':') ? pieces[i] !== '' : piece === pieces[i],
      ),
  );
  if (operation === undefined) return undefined;
  const ids: Record<string, string> = {};
  operation.path.forEach((piece, i) => {
    if (piece.startsWith(':')) ids[piece.slice(1)] = pieces[i] ?? '';
  });
  return { operation, ids };
}
