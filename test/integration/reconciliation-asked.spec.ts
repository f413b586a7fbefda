import { type RunningApp, startApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { query as queryOf, Shop } from '../support/shop.js';

let running: RunningApp;
let admin: Client;

beforeAll(async () => {
  // Without background work a run stays where it began.
  running = await startApp({ ROLE: 'api' });
  admin = await new Shop(running.world).as(running.url, 'admin');
});
afterAll(() => running.close());

const query = (text: string, values: readonly unknown[] = []) =>
  queryOf(running.world, text, values);
const ask = async () => String((await admin.post('/admin/reconciliation/runs', {})).body.id);

async function audited(id: string): Promise<unknown[]> {
  const { body } = await admin.get(`/admin/audit?objectId=${id}`);
  return (body.entries as { action: string; after: unknown }[]).map(({ action, after }) => [
    action,
    after,
  ]);
}

it('an administrator’s request is in the audit log with the run that answers it, begun or met', async () => {
  const asked = ['reconciliation_run.requested', { trigger: 'request' }];
  const begun = await ask();
  expect(await audited(begun)).toEqual([asked]);
  expect(await ask()).toBe(begun);
  expect(await audited(begun)).toEqual([asked, asked]);
  await query(`UPDATE reconciliation_runs SET trigger = 'schedule' WHERE id = $1`, [begun]);
  expect(await ask()).toBe(begun);
  expect((await audited(begun))[0]).toEqual([
    'reconciliation_run.requested',
    { trigger: 'schedule' },
  ]);
  await query(`UPDATE reconciliation_runs SET status = 'completed' WHERE id = $1`, [begun]);
  const next = await ask();
  expect(next).not.toBe(begun);
  expect(await audited(next)).toEqual([asked]);
});
