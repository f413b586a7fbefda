/** A series as a query selects it: `name{label="…"}`. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What a PromQL query names. */
export interface Query {
  readonly selectors: readonly Selector[];
  /** Of `by`, `without`, `on`, `ignoring` and `group_left`. */
  readonly grouping: readonly string[];
}

/** A metric that may be asked for, with the labels it has. */
export type Exported = ReadonlyMap<string, ReadonlySet<string>>;

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?(?:ms|[smhdwy])?\b)|([A-Za-z_:][\w:]*)|(=~|!~|!=|==|>=|<=|[-+*/%^(){}[\],=<>]))/y;
const GROUPINGS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'offset']);
const FUNCTIONS = new Set(
  (
    'abs absent avg avg_over_time clamp_min count delta deriv histogram_quantile increase irate ' +
    'label_replace max max_over_time min min_over_time rate sum time topk vector'
  ).split(' '),
);
const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Prometheus adds these to whatever it scrapes. */
const SCRAPED = ['job', 'instance'];

/** Reads a query. Throws where it is no PromQL (of the part that dashboards and rules need). */
export function readQuery(text: string): Query {
  const tokens = tokensOf(text);
  checkBrackets(tokens);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (!/^[A-Za-z_:]/.test(token) || OPERATORS.has(token)) continue;
    const next = tokens[at + 1];
    if (GROUPINGS.has(token)) {
      const end = tokens.indexOf(')', at);
      grouping.push(...tokens.slice(at + 2, end).filter((part) => part !== ','));
      at = end;
    } else if (next === '(' || GROUPINGS.has(next ?? '')) {
      if (!FUNCTIONS.has(token)) throw new Error(`no function is called ${token}`);
    } else {
      const end = next === '{' ? tokens.indexOf('}', at) : at;
      selectors.push({ metric: token, labels: labelsOf(tokens.slice(at + 2, end)) });
      at = end;
    }
  }
  return { selectors, grouping };
}

/** What is wrong with a query, given what the application exports; nothing when it is right. */
export function faultsOf(text: string, exported: Exported): string[] {
  try {
    const { selectors, grouping } = readQuery(text);
    const faults: string[] = [];
    const anywhere = new Set(SCRAPED);
    for (const { metric, labels } of selectors) {
      const own = exported.get(metric);
      if (!own) faults.push(`no metric is called ${metric}`);
      for (const label of own ?? []) anywhere.add(label);
      for (const label of labels) {
        if (own && !own.has(label) && !SCRAPED.includes(label)) {
          faults.push(`${metric} has no label ${label}`);
        }
      }
    }
    if (selectors.length === 0) faults.push('it asks for no metric');
    const unknown = grouping.filter((label) => !anywhere.has(label));
    return [...faults, ...unknown.map((label) => `nothing here has a label ${label}`)];
  } catch (error) {
    return [String(error)];
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (const end = text.trimEnd().length; TOKEN.lastIndex < end;) {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new Error(`not understood from ${text.slice(at, at + 20)}`);
    tokens.push(token.trim());
  }
  return tokens;
}

function checkBrackets(tokens: readonly string[]): void {
  const open: string[] = [];
  for (const token of tokens) {
    const closing = CLOSES[token];
    if (closing !== undefined) open.push(closing);
    else if (')]}'.includes(token) && open.pop() !== token) throw new Error(`a stray ${token}`);
  }
  if (open.length > 0) throw new Error(`a missing ${open.join(' ')}`);
}

/** Of matchers, `label op "text"` each. */
function labelsOf(tokens: readonly string[]): string[] {
  const matchers: string[][] = [[]];
  for (const token of tokens) {
    if (token === ',') matchers.push([]);
    else matchers.at(-1)?.push(token);
  }
  return matchers
    .filter((matcher) => matcher.length > 0)
    .map(([label = '', operator = '', value = '', ...rest]) => {
      const fits = /^(=|!=|=~|!~)$/.test(operator) && value.startsWith('"') && rest.length === 0;
      if (!fits) throw new Error(`no matcher: ${label} ${operator} ${value}`);
      return label;
    });
}
