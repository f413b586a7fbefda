import type { SourceFile } from './imports.js';

/** A rule of the tree: what it demands, and the files that break it. */
export interface Rule {
  readonly name: string;
  violations(files: readonly SourceFile[]): string[];
}

/** Lower layers first; modules of one layer do not know each other. */
const LAYERS = [
  ['kernel'],
  ['ledger'],
  ['webhooks', 'waiting-room'],
  ['venues', 'fraud', 'compliance'],
  ['payments'],
  ['marketplace', 'group-pay', 'nft', 'bytemark'],
  ['reconciliation'],
];
const MODULES = LAYERS.flat();
const FOLDERS = new Set(['domain', 'data', 'commands', 'queries', 'http', 'infra']);
const ROOT_FILES = new Set(['main.ts', 'start.ts', 'serve.ts', 'application.ts', 'app.module.ts']);

const moduleOf = (file: string) => file.split('/')[0] ?? '';
const layerOf = (module: string) => LAYERS.findIndex((layer) => layer.includes(module));
const isInner = (target: string) => target.includes('/') && !target.startsWith('@');

function each(
  files: readonly SourceFile[],
  breaks: (file: SourceFile, target: string) => boolean,
): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((target) => breaks(file, target))
      .map((target) => `${file.path} → ${target}`),
  );
}

export const rules: readonly Rule[] = [
  {
    name: 'imports point downwards, never sideways or up',
    violations: (files) =>
      each(files, ({ path }, target) => {
        const [from, to] = [moduleOf(path), moduleOf(target)];
        if (from === to || !MODULES.includes(from) || !MODULES.includes(to)) return false;
        return layerOf(to) >= layerOf(from);
      }),
  },
  {
    name: 'another module is known by its contract alone (and by its module file to import it)',
    violations: (files) =>
      each(files, ({ path }, target) => {
        const [from, to] = [moduleOf(path), moduleOf(target)];
        if (from === to || to === 'kernel' || !MODULES.includes(to) || !isInner(target))
          return false;
        if (ROOT_FILES.has(path) || path.endsWith('.module.ts')) return !isDoor(target);
        return !target.endsWith('.contract.ts');
      }),
  },
  {
    name: 'domain code is pure: no framework, no infrastructure, no I/O',
    violations: (files) =>
      each(
        files.filter(({ path }) => path.split('/')[1] === 'domain'),
        ({ path }, target) => {
          if (!isInner(target) || target.startsWith('@') || target.startsWith('node:')) return true;
          const ownFolder = `${moduleOf(path)}/domain/`;
          const pureKernel =
            /^kernel\/(business-date|chain\/chain-names|crypto\/digest|money|decider|errors|ids|network-address|notifications\/letter|outbox\/index|saga\/saga)/;
          return !(
            target.startsWith(ownFolder) ||
            pureKernel.test(target) ||
            target.endsWith('.contract.ts')
          );
        },
      ).filter((violation) => !PURE_LIBRARIES.some((name) => violation.endsWith(`→ ${name}`))),
  },
  {
    name: 'domain code is pure: no decorator, async, clock, randomness or environment',
    violations: (files) =>
      files
        .filter(({ path }) => path.split('/')[1] === 'domain')
        .filter(({ text }) => IMPURE.test(withoutComments(text)))
        .map(({ path }) => path),
  },
  {
    name: 'the sandbox is loaded by start.ts alone',
    violations: (files) =>
      each(
        files,
        ({ path }, target) =>
          moduleOf(target) === 'sandbox' && moduleOf(path) !== 'sandbox' && path !== 'start.ts',
      ),
  },
  {
    name: 'only the sandbox and start.ts know that there is a sandbox',
    violations: (files) =>
      files
        .filter(({ path }) => moduleOf(path) !== 'sandbox' && path !== 'start.ts')
        .filter(({ path }) => !path.startsWith('kernel/config/'))
        .filter(({ text }) => /\bif\s*\([^)]*sandbox/i.test(withoutComments(text)))
        .map(({ path }) => path),
  },
  {
    name: 'the auditor knows nothing of what it audits, and nobody knows the auditor',
    violations: (files) =>
      each(
        files,
        ({ path }, target) =>
          isInner(target) &&
          !target.startsWith('node:') &&
          (moduleOf(path) === 'auditor') !== (moduleOf(target) === 'auditor'),
      ),
  },
  {
    name: 'no forwardRef',
    violations: (files) =>
      files.filter(({ text }) => text.includes('forwardRef(')).map(({ path }) => path),
  },
  {
    name: "a module's folders are domain, data, commands, queries, http and infra",
    violations: (files) =>
      files
        .map(({ path }) => path)
        .filter((path) => MODULES.includes(moduleOf(path)) && moduleOf(path) !== 'kernel')
        .filter((path) => {
          const [, folder, ...rest] = path.split('/');
          if (rest.length > 0) return !FOLDERS.has(folder ?? '');
          return !/\.(module|contract|saga)\.ts$/.test(path);
        }),
  },
  {
    name: 'names say what a file is for: no service, utils, helpers, common or manager',
    violations: (files) =>
      files
        .map(({ path }) => path)
        .filter((path) =>
          /(^|[/.-])(service|services|utils?|helpers?|common|manager)\.ts$/.test(path),
        ),
  },
  {
    name: 'no file is longer than 300 lines',
    violations: (files) =>
      files.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path),
  },
  {
    name: "a module's tables are its own: no SQL on another module's (reconciliation reads them)",
    violations: (files) =>
      files.flatMap(({ path, text }) =>
        TABLES.filter(({ owner }) => owner !== moduleOf(path) && moduleOf(path) !== 'sandbox')
          .filter(() => MODULES.includes(moduleOf(path)))
          .filter(({ table }) => new RegExp(`\\b(${verbsOf(path)})\\s+${table}\\b`).test(text))
          .map(({ table }) => `${path} → ${table}`),
      ),
  },
];

const PURE_LIBRARIES = ['zod'];
const IMPURE = /^\s*@\w+\(|\basync\b|\bawait\b|Date\.now\(|new Date\(\)|Math\.random|process\.env/m;

/** What a module may not do to a table of another one. */
const verbsOf = (path: string) =>
  moduleOf(path) === 'reconciliation' ? 'INTO|UPDATE|DELETE FROM' : 'FROM|INTO|UPDATE|JOIN';

const TABLES = [
  ...own('ledger', 'ledger_accounts', 'ledger_journals', 'ledger_entries', 'ledger_balances'),
  ...own('kernel', 'payment_event_sequence', 'payment_idempotency', 'outbox', 'subject_vault'),
  ...own('kernel', 'audit_log', 'open_items', 'outbox_dlq', 'event_inbox'),
  ...own('webhooks', 'webhook_inbox', 'webhook_inbox_archive', 'webhook_endpoints'),
  ...own('webhooks', 'webhook_deliveries', 'webhook_delivery_attempts'),
  ...own('waiting-room', 'purchase_limit_counters', 'purchase_limit_reservations'),
  ...own('waiting-room', 'waiting_rooms', 'waiting_room_places', 'waiting_room_draws'),
  ...own('waiting-room', 'waiting_room_access', 'waiting_room_activity'),
  ...own('venues', 'venue_settings', 'event_settings', 'tenant_settings'),
  ...own('fraud', 'purchase_signals', 'fraud_checks', 'device_activity', 'bot_detections'),
  ...own('fraud', 'known_scalpers', 'fraud_lists', 'fraud_rule_sets', 'fraud_labels'),
  ...own('compliance', 'tax_collections', 'tax_special_rules'),
  ...own('payments', 'payment_transactions', 'payment_intents', 'tickets', 'ticket_holds'),
  ...own('payments', 'payment_refunds', 'payment_operations', 'payment_disputes'),
  ...own('payments', 'dispute_evidence_operations', 'provider_accounts'),
  ...own('payments', 'event_cancellations', 'event_cancellation_payments'),
  ...own('kernel', 'alerts', 'jobs', 'event_subscriptions', 'rate_limits', 'coin_prices'),
  ...own('payments', 'capacity_pools', 'capacity_shards', 'payment_orders'),
  ...own('nft', 'nft_mint_queue', 'nft_batches', 'nft_transactions', 'nft_gas_rests'),
  ...own('nft', 'chain_signers', 'chain_free_nonces'),
  ...own('reconciliation', 'reconciliation_runs', 'reconciliation_differences'),
  ...own('reconciliation', 'provider_balance_transactions', 'provider_import_marks'),
];

function own(owner: string, ...tables: string[]) {
  return tables.map((table) => ({ owner, table }));
}

function isDoor(target: string): boolean {
  return target.endsWith('.module.ts') || target.endsWith('.contract.ts');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
