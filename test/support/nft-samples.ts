import { newId, type Uuid } from '../../src/kernel/ids.js';
import { Database } from '../../src/kernel/postgres/database.js';
import { sql } from '../../src/kernel/postgres/sql.js';
import { insertMints, mintIdOf, noteTokens } from '../../src/nft/infra/mint-rows.js';
import type { ChainName } from '../../src/nft/infra/ticket-chain.js';
import { type ChainSource, TicketChains } from '../../src/nft/infra/ticket-chains.js';
import type { RunningApp } from './app.js';
import { FakeChain, fakeSignature, WALLET } from './fake-chain.js';
import type { Make, Sample } from './sample-requests.js';

const MINTS = '/admin/nft/mints';

/** Gives an application that knows no chain one in memory, which it cannot sign on. */
function lendChain({ app }: RunningApp): void {
  const chains = app.get(TicketChains);
  const sources = Reflect.get(chains, 'sources') as Map<ChainName, ChainSource>;
  if (sources.has('polygon')) return;
  const chain = new FakeChain('polygon');
  sources.set('polygon', { signs: false, load: () => Promise.resolve(chain) });
}

/** A ticket of a user's that waits for its token, or one that was given up; answers its id. */
async function ticket(running: RunningApp, userId: Uuid, failed = false): Promise<Uuid> {
  const { tenantId } = running.world.cast;
  const ticketId = newId();
  await running.app.get(Database).transact(tenantId, [
    insertMints(
      {
        ...{ tenantId, userId, paymentId: newId(), venueId: newId(), eventId: newId() },
        ...{ ticketIds: [ticketId], blockchain: 'polygon', recipient: null, priority: 'standard' },
        ...{ name: 'Rock Night', eventName: 'Rock Night', eventStartsAt: '2031-11-21T20:00:00Z' },
        correlationId: null,
      },
      'queued',
    ),
    noteTokens(tenantId, [{ ticketId, tokenId: tokenIdOf(ticketId), base: 'base' }]),
    ...(failed
      ? [
          sql`UPDATE nft_mint_queue SET status = 'failed', attempts = 3, error_message = 'reverted'
          WHERE tenant_id = ${tenantId} AND ticket_id = ${ticketId}`,
        ]
      : []),
  ]);
  return ticketId;
}

const tokenIdOf = (ticketId: Uuid) => BigInt(`0x${ticketId.replaceAll('-', '')}`).toString();

/** What buyers, administrators and anybody may ask about tokens. */
export function nftSamples(
  running: RunningApp,
  byBuyer: (path: string) => Sample,
  byAdmin: (path: string) => Sample,
): Record<string, Make> {
  return {
    [`GET ${MINTS}`]: async (userId) => {
      await ticket(running, userId);
      return byAdmin(MINTS);
    },
    [`GET ${MINTS}/{id}`]: async (userId) =>
      byAdmin(`${MINTS}/${mintIdOf(await ticket(running, userId))}`),
    [`POST ${MINTS}/{id}/retry`]: async (userId) =>
      byAdmin(`${MINTS}/${mintIdOf(await ticket(running, userId, true))}/retry`),
    'POST /api/v1/nft/tickets/{ticketId}/claim': async (userId) => {
      lendChain(running);
      return {
        ...byBuyer(`/api/v1/nft/tickets/${await ticket(running, userId)}/claim`),
        body: {
          wallet: WALLET,
          expiresAt: Math.floor(Date.now() / 1_000) + 600,
          signature: fakeSignature(WALLET),
        },
      };
    },
    'GET /nft/metadata/{tokenId}': async (userId) => ({
      path: `/nft/metadata/${tokenIdOf(await ticket(running, userId))}`,
    }),
  };
}
