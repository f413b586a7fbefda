import { newId } from '../../src/kernel/ids.js';
import { toCents } from '../../src/kernel/money/index.js';
import { registry } from '../../src/kernel/observability/index.js';
import { closeItem, openItem } from '../../src/kernel/open-items/index.js';
import { OpenItemsGauge } from '../../src/kernel/open-items/open-items-gauge.js';
import { openDatabase, type OpenDatabase } from './outbox-database.js';
import { PeriodicTasks } from '../../src/kernel/jobs/periodic.js';

let db: OpenDatabase;
let gauge: OpenItemsGauge;

beforeAll(async () => {
  db = await openDatabase();
  gauge = new OpenItemsGauge(db.database, new PeriodicTasks(false));
});
afterAll(() => db.close());

async function samples(): Promise<string[]> {
  await gauge.measure();
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith('open_items')).sort();
}

function open(tenantId: string, kind: string, subjectId: string, cents?: number, currency = 'USD') {
  const atRisk = cents === undefined ? {} : { atRisk: { cents: toCents(cents), currency } };
  const item = { kind, subjectType: 'payment', subjectId, cause: 'unknown', ...atRisk };
  return db.database.transact(tenantId, [openItem(tenantId, item)]);
}

it('the gauges count what is open over all tenants, and what it puts at risk', async () => {
  const [tenant, other] = [newId(), newId()];
  expect(await samples()).toEqual([]);
  await open(tenant, 'one_kind', 'a', 11_845);
  await open(tenant, 'one_kind', 'b', 5, 'EUR');
  await open(tenant, 'other_kind', 'a');
  await open(other, 'one_kind', 'a', 100);
  expect(await samples()).toEqual([
    'open_items_cents{kind="one_kind",currency="EUR"} 5',
    'open_items_cents{kind="one_kind",currency="USD"} 11945',
    'open_items{kind="one_kind"} 3',
    'open_items{kind="other_kind"} 1',
  ]);
  await db.database.transact(tenant, [
    closeItem(tenant, 'one_kind', 'b', 'gone'),
    closeItem(tenant, 'other_kind', 'a', 'gone'),
  ]);
  expect(await samples()).toEqual([
    'open_items_cents{kind="one_kind",currency="USD"} 11945',
    'open_items{kind="one_kind"} 2',
  ]);
});
