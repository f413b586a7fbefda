import { startProcess } from '../support/process.js';
import { startTestWorld } from '../support/world.js';
import { query } from '../support/shop.js';

it('starts', async () => {
  const t0 = Date.now();
  const world = await startTestWorld();
  const t1 = Date.now();
  const app = await startProcess(world);
  const t2 = Date.now();
  const e = await app.terminate();
  const t3 = Date.now();
  console.log({ world: t1 - t0, start: t2 - t1, stop: t3 - t2, e });
  const app2 = await startProcess(world);
  await query(world, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='tickettoken-payments' AND datname=current_database()");
  await new Promise((r) => setTimeout(r, 1500));
  const r = await fetch(app2.url + '/health/ready').then((x) => x.text(), (e) => String(e));
  console.log(r, app2.logs().slice(-1500));
  await app2.kill();
  await world.close();
});
