import pg from 'pg';
import { PostgresNonceStore } from '../../src/kernel/auth/nonce-store.js';
import { Resealing, SubjectVault, Vault } from '../../src/kernel/crypto/index.js';
import { newId } from '../../src/kernel/ids.js';
import {
  APPLICATION_ROLE,
  connectionOptions,
  WORKER_ROLE,
} from '../../src/kernel/postgres/connections.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });
const ADA = { email: 'ada@example.com', name: 'Ada Lovelace', address: '5 St James’s Square' };

describe('secrets in PostgreSQL', () => {
  let fresh: FreshDatabase;
  let owner: pg.Client;
  let pools: pg.Pool[];
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    const application = new pg.Pool(connectionOptions(fresh.url, APPLICATION_ROLE, 4));
    const worker = new pg.Pool(connectionOptions(fresh.url, WORKER_ROLE, 2));
    pools = [application, worker];
    database = new Database(application, worker);
    owner = new pg.Client(fresh.url);
    await owner.connect();
  });
  afterAll(async () => {
    await Promise.all([...pools.map((pool) => pool.end()), owner.end()]);
    await fresh.drop();
  });

  describe('SubjectVault', () => {
    const over = (...ring: [string, number][]) => {
      const vault = new Vault(ring.map(([id, byte]) => key(id, byte)));
      const resealing = new Resealing(database, vault);
      return { resealing, subjects: new SubjectVault(database, vault, resealing) };
    };
    const old = () => over(['k1', 1]).subjects;

    it('keeps a subject as ciphertext, and gives it back', async () => {
      const [tenant, subject] = [newId(), newId()];
      await old().put(tenant, subject, ADA);
      expect(await old().get(tenant, subject)).toEqual(ADA);
      expect(await old().get(tenant, subject.toUpperCase())).toEqual(ADA);
      const { rows } = await owner.query('SELECT subject_vault::text AS row FROM subject_vault');
      expect(JSON.stringify(rows)).not.toMatch(/@|Ada|Lovelace|James/);
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(ADA.email).toString('hex'));
    });

    it('replaces single fields', async () => {
      const [tenant, subject] = [newId(), newId()];
      await old().put(tenant, subject, ADA);
      await old().put(tenant, subject, { email: 'new@example.com' });
      expect(await old().get(tenant, subject)).toEqual({ ...ADA, email: 'new@example.com' });
    });

    it('shows nothing of another tenant, and refuses rows moved between subjects', async () => {
      const [tenant, ada, bob] = [newId(), newId(), newId()];
      await old().put(tenant, ada, ADA);
      expect(await old().get(newId(), ada)).toEqual({});
      await owner.query('UPDATE subject_vault SET subject_id = $1 WHERE subject_id = $2', [
        bob,
        ada,
      ]);
      await expect(old().get(tenant, bob)).rejects.toThrow('does not belong');
    });

    it('erases a subject, and only that one', async () => {
      const [tenant, ada, bob] = [newId(), newId(), newId()];
      await old().put(tenant, ada, ADA);
      await old().put(tenant, bob, { name: 'Bob' });
      await old().erase(tenant, ada);
      await old().erase(tenant, ada);
      expect(await old().get(tenant, ada)).toEqual({});
      expect(await old().get(tenant, bob)).toEqual({ name: 'Bob' });
    });

    it('is sealed anew with a new key, after which the old one can go', async () => {
      await owner.query('DELETE FROM subject_vault');
      const [tenant, subject, damaged] = [newId(), newId(), newId()];
      await old().put(tenant, subject, ADA);
      await old().put(tenant, damaged, { name: 'Bob' });
      await owner.query(`UPDATE subject_vault SET field = 'moved' WHERE subject_id = $1`, [
        damaged,
      ]);
      const rotated = over(['k2', 2], ['k1', 1]);
      expect(await rotated.subjects.get(tenant, subject)).toEqual(ADA);
      expect(await rotated.resealing.run()).toBe(3);
      expect(await rotated.resealing.run()).toBe(0);
      expect(await over(['k2', 2]).subjects.get(tenant, subject)).toEqual(ADA);
      await expect(old().get(tenant, subject)).rejects.toThrow('k2');
    });

    it('is sealed anew however many there are', async () => {
      await owner.query('DELETE FROM subject_vault');
      const [tenant, subject] = [newId(), newId()];
      const fields = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, 'x']));
      await old().put(tenant, subject, fields);
      const both = [over(['k2', 2], ['k1', 1]), over(['k2', 2], ['k1', 1])];
      const counts = await Promise.all(both.map(({ resealing }) => resealing.run()));
      // One that sealed nothing of a batch leaves the rest to the other, or to the next hour.
      counts.push(await over(['k2', 2], ['k1', 1]).resealing.run());
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(250);
      expect(await over(['k2', 2]).subjects.get(tenant, subject)).toEqual(fields);
    });
  });

  describe('PostgresNonceStore', () => {
    it('lets one of twenty claims through, per tenant and service', async () => {
      const store = new PostgresNonceStore(database);
      const [tenant, other] = [newId(), newId()];
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => store.claim(tenant, 'orders', 'nonce')),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await store.claim(tenant, 'tickets', 'nonce')).toBe(true);
      expect(await store.claim(other, 'orders', 'nonce')).toBe(true);
    });
  });
});
