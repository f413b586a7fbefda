import { newId } from '../../kernel/ids.js';
import { toCents } from '../../kernel/money/index.js';
import { KnownVolumes } from './known-volumes.js';

it('remembers a venue’s gross within its month and currency only, until told to forget', () => {
  const volumes = new KnownVolumes();
  const [tenant, venue] = [newId(), newId()];
  volumes.learn(tenant, venue, 'USD', '2026-11-02', toCents(1_234));
  expect(volumes.recall(tenant, venue, 'USD', '2026-11-30')).toBe(1_234n);
  expect(volumes.recall(tenant, venue, 'USD', '2026-12-01')).toBeUndefined();
  expect(volumes.recall(tenant, venue, 'CAD', '2026-11-02')).toBeUndefined();
  expect(volumes.recall(newId(), venue, 'USD', '2026-11-02')).toBeUndefined();
  volumes.forget(tenant, venue, 'USD', '2026-11-15');
  expect(volumes.recall(tenant, venue, 'USD', '2026-11-02')).toBeUndefined();
});

it('does not let a reading that came late undo a newer one', () => {
  const volumes = new KnownVolumes();
  const [tenant, venue] = [newId(), newId()];
  const day = '2026-11-02';
  volumes.learn(tenant, venue, 'USD', day, toCents(2));
  volumes.learn(tenant, venue, 'USD', day, toCents(1));
  expect(volumes.recall(tenant, venue, 'USD', day)).toBe(2n);
  volumes.forget(tenant, venue, 'USD', day);
  volumes.learn(tenant, venue, 'USD', day, toCents(1));
  expect(volumes.recall(tenant, venue, 'USD', day)).toBe(1n);
});
