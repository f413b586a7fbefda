/** The parts of an OpenAPI 3 schema that our documents use. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Answered {
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

export interface Operation {
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answered>>;
}

export interface Route {
  /** `GET /api/payments/{paymentId}`: what every table of the tests is keyed by. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** Of the body; undefined for a route without one. */
  readonly body: Schema | undefined;
}

interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly security?: Operation['security'];
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** What the application says of itself at /docs-json. */
export class ApiDocument {
  readonly routes: readonly Route[];

  constructor(readonly raw: RawDocument) {
    this.routes = Object.entries(raw.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([verb, operation]) => {
        const method = verb.toUpperCase();
        const body = operation.requestBody?.content['application/json']?.schema;
        return { key: `${method} ${path}`, method, path, operation, body };
      }),
    );
  }

  static async of(baseUrl: string): Promise<ApiDocument> {
    const response = await fetch(`${baseUrl}/docs-json`);
    return new ApiDocument((await response.json()) as RawDocument);
  }

  get bodyRoutes(): readonly Route[] {
    return this.routes.filter(({ body }) => body !== undefined);
  }

  /** The schema itself, with references followed and `allOf` merged. */
  resolve(schema: Schema): Schema {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace('#/components/schemas/', '');
      const found = this.raw.components.schemas[name];
      if (!found) throw new Error(`${schema.$ref} is not in the document`);
      return this.resolve(found);
    }
    const { allOf, ...own } = schema;
    return Object.assign({}, ...(allOf ?? []).map((part) => this.resolve(part)), own) as Schema;
  }

  /** The error codes that an operation documents for a status. */
  codesOf({ operation }: Route, status: number): string[] {
    return Object.keys(operation.responses[status]?.content?.['application/json']?.examples ?? {});
  }

  /** The schemes a route accepts: `bearer`, `internal`; none for a public one. */
  schemesOf({ operation }: Route): string[] {
    return (operation.security ?? this.raw.security ?? []).flatMap((entry) => Object.keys(entry));
  }
}

export interface Property {
  /** `tickets.0.price` as `['tickets', '0', 'price']`; lists are entered at their first item. */
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly required: boolean;
}

/** Every property of a schema, however deep. */
export function propertiesOf(document: ApiDocument, schema: Schema, at: string[] = []): Property[] {
  const { properties = {}, required = [], items } = document.resolve(schema);
  const inItems = items ? propertiesOf(document, items, [...at, '0']) : [];
  const own = Object.entries(properties).flatMap(([name, declared]) => {
    const property = {
      path: [...at, name],
      schema: document.resolve(declared),
      required: required.includes(name),
    };
    return [property, ...propertiesOf(document, declared, property.path)];
  });
  return [...own, ...inItems];
}
