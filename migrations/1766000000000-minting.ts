import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tickets on their way to a chain, the jobs that take them there, and every byte that was signed. */
export class Minting1766000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(QUEUE);
    await db.query(JOBS);
    await db.query(SIGNERS);
    await db.query(PRICES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION allocate_nonces(text, text, bigint, integer);
      DROP FUNCTION nft_token_facts(text);
      DROP TABLE coin_prices, chain_free_nonces, chain_signers, nft_gas_rests, nft_transactions,
        nft_batches, nft_mint_queue;
    `);
  }
}

const QUEUE = `
  -- One row a ticket, for the whole life of its token (NFT & Blockchain Tables).
  CREATE TABLE nft_mint_queue (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    user_id uuid NOT NULL,
    venue_id uuid NOT NULL,
    event_id uuid NOT NULL,
    blockchain text NOT NULL CHECK (blockchain IN ('polygon', 'solana')),
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'minting', 'minted', 'failed',
      'cancelled', 'revoking', 'revocation_failed', 'revoked')),
    priority text NOT NULL DEFAULT 'standard' CHECK (priority IN ('standard', 'high', 'urgent')),
    -- The wallet it belongs to; null: the platform keeps it.
    recipient text,
    -- The wallet that it is on its way to.
    claimant text,
    -- Its sale was undone, and this is to become of it.
    revocation text CHECK (revocation IN ('burn', 'claw_back', 'keep')),
    -- What wallets show, and what its metadata tell.
    name text NOT NULL,
    event_name text NOT NULL,
    event_starts_at timestamptz,
    -- Decimal digits or a mint account, and the contract or base account that it follows from.
    token_id text,
    base text,
    transaction_hash text,
    -- Its part of the cost in wei or lamports.
    gas_fee_paid numeric(78),
    -- The job that makes or made the token, and the one that has the ticket in hand now.
    mint_batch_id uuid,
    job_id uuid,
    attempts integer NOT NULL DEFAULT 0,
    error_message text,
    correlation_id text,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, ticket_id),
    CHECK (status NOT IN ('minting', 'minted') OR mint_batch_id IS NOT NULL),
    CHECK ((job_id IS NOT NULL) = (status IN ('minting', 'revoking') OR claimant IS NOT NULL))
  ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX nft_mint_queue_waiting ON nft_mint_queue (tenant_id, blockchain, created_at)
    WHERE status = 'queued';
  CREATE INDEX nft_mint_queue_unfinished ON nft_mint_queue (status, blockchain)
    WHERE status IN ('queued', 'minting', 'failed', 'revoking', 'revocation_failed');
  CREATE INDEX nft_mint_queue_payment ON nft_mint_queue (tenant_id, payment_id);
  CREATE INDEX nft_mint_queue_token ON nft_mint_queue (token_id) WHERE token_id IS NOT NULL;
  SELECT protect_tenant_table('nft_mint_queue', 'full', 'full');

  -- What anybody may know of a token: whoever reads its metadata names no tenant.
  CREATE FUNCTION nft_token_facts(token text)
    RETURNS TABLE (name text, event_name text, event_starts_at timestamptz, blockchain text,
      revoked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT q.name, q.event_name, q.event_starts_at, q.blockchain,
      q.revocation IS NOT NULL OR q.status = 'cancelled'
    FROM nft_mint_queue q WHERE q.token_id = token
  $$;
  GRANT CREATE ON SCHEMA public TO tickettoken_worker;
  ALTER FUNCTION nft_token_facts(text) OWNER TO tickettoken_worker;
  REVOKE CREATE ON SCHEMA public FROM tickettoken_worker;
`;

const JOBS = `
  -- A job: a batch of mints, or one token that is taken back or handed over.
  CREATE TABLE nft_batches (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    blockchain text NOT NULL CHECK (blockchain IN ('polygon', 'solana')),
    kind text NOT NULL CHECK (kind IN ('mint', 'revoke', 'transfer')),
    ticket_ids uuid[] NOT NULL CHECK (cardinality(ticket_ids) > 0),
    -- How a token is taken back.
    revocation text CHECK (revocation IN ('burn', 'claw_back')),
    -- Whom a token is handed over to.
    recipient text,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    last_error text,
    traceparent text,
    -- What all of its transactions cost, in wei or lamports and in micro-dollars of then.
    gas numeric(78),
    gas_micro_usd bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((kind = 'revoke') = (revocation IS NOT NULL)),
    CHECK ((kind = 'transfer') = (recipient IS NOT NULL)),
    CHECK (kind = 'mint' OR cardinality(ticket_ids) = 1),
    CHECK ((status = 'open') = (finished_at IS NULL))
  ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
  CREATE INDEX nft_batches_open ON nft_batches (blockchain, kind, next_attempt_at)
    WHERE status = 'open';
  CREATE INDEX nft_batches_failed ON nft_batches (tenant_id, id) WHERE status = 'failed';
  SELECT protect_tenant_table('nft_batches', 'full', 'full');

  -- A job's parts, each with every try of it. Its place among the signer's transactions is given
  -- first, then the bytes are signed and kept, and only then sent: the same ones, ever again.
  CREATE TABLE nft_transactions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    part smallint NOT NULL CHECK (part >= 0),
    try smallint NOT NULL CHECK (try >= 0),
    blockchain text NOT NULL CHECK (blockchain IN ('polygon', 'solana')),
    signer text NOT NULL,
    nonce bigint,
    ticket_ids uuid[] NOT NULL CHECK (cardinality(ticket_ids) > 0),
    status text NOT NULL DEFAULT 'allocated' CHECK (status IN
      ('allocated', 'signed', 'done', 'failed', 'expired', 'replaced')),
    hash text,
    bytes bytea,
    validity jsonb,
    sent_at timestamptz,
    error text,
    -- What the signer paid, in wei or lamports.
    gas numeric(78) CHECK (gas >= 0),
    block bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    signed_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, batch_id, part, try),
    CHECK ((blockchain = 'polygon') = (nonce IS NOT NULL)),
    CHECK ((status = 'allocated') = (bytes IS NULL)),
    CHECK (num_nulls(hash, bytes, validity, signed_at) IN (0, 4)),
    CHECK ((status IN ('allocated', 'signed')) = (finished_at IS NULL))
  ) WITH (fillfactor = 80);
  CREATE UNIQUE INDEX nft_transactions_hash ON nft_transactions (tenant_id, blockchain, hash)
    WHERE hash IS NOT NULL;
  -- One transaction of a place counts: whatever is signed again for it replaces the one before.
  CREATE UNIQUE INDEX nft_transactions_place ON nft_transactions (tenant_id, blockchain, signer, nonce)
    WHERE nonce IS NOT NULL AND status IN ('done', 'failed');
  SELECT protect_tenant_table('nft_transactions', 'full', 'full');

  -- What a tenant's costs on a chain left below a cent, in micro-dollars: the next job's begins there.
  CREATE TABLE nft_gas_rests (
    tenant_id uuid NOT NULL,
    blockchain text NOT NULL CHECK (blockchain IN ('polygon', 'solana')),
    micro_usd bigint NOT NULL CHECK (micro_usd BETWEEN 0 AND 9999),
    PRIMARY KEY (tenant_id, blockchain)
  );
  SELECT protect_tenant_table('nft_gas_rests');
`;

/**
 * A signer is the platform's, its nonces are given to jobs of every tenant. A nonce that nothing was
 * signed for comes back and is given first: one that is missing would hold up all that follow.
 */
const SIGNERS = `
  CREATE TABLE chain_signers (
    chain text NOT NULL,
    address text NOT NULL,
    next_nonce bigint NOT NULL CHECK (next_nonce >= 0),
    PRIMARY KEY (chain, address)
  );
  CREATE TABLE chain_free_nonces (
    chain text NOT NULL,
    address text NOT NULL,
    nonce bigint NOT NULL,
    PRIMARY KEY (chain, address, nonce)
  );
  GRANT SELECT ON chain_signers, chain_free_nonces TO tickettoken_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON chain_signers, chain_free_nonces TO tickettoken_worker;

  -- seen: how many transactions of the signer the chain knows, which are nobody's to give; null on a
  -- chain without nonces, of which none are given.
  CREATE FUNCTION allocate_nonces(of_chain text, signer text, seen bigint, wanted integer)
    RETURNS SETOF bigint LANGUAGE plpgsql STRICT AS $$
  DECLARE given bigint; upcoming bigint; missing integer := wanted;
  BEGIN
    INSERT INTO chain_signers VALUES (of_chain, signer, seen) ON CONFLICT DO NOTHING;
    SELECT greatest(next_nonce, seen) INTO upcoming FROM chain_signers
      WHERE chain = of_chain AND address = signer FOR UPDATE;
    DELETE FROM chain_free_nonces WHERE chain = of_chain AND address = signer AND nonce < seen;
    FOR given IN
      DELETE FROM chain_free_nonces f USING (SELECT n.nonce FROM chain_free_nonces n
          WHERE n.chain = of_chain AND n.address = signer ORDER BY n.nonce LIMIT wanted) lowest
        WHERE f.chain = of_chain AND f.address = signer AND f.nonce = lowest.nonce
        RETURNING f.nonce
    LOOP
      missing := missing - 1;
      RETURN NEXT given;
    END LOOP;
    RETURN QUERY SELECT upcoming + n FROM generate_series(0, missing - 1) n;
    UPDATE chain_signers SET next_nonce = upcoming + missing
      WHERE chain = of_chain AND address = signer;
  END $$;
`;

/** What a coin last cost, in micro-dollars: the platform's, whichever process was told of it. */
const PRICES = `
  CREATE TABLE coin_prices (
    coin text PRIMARY KEY CHECK (coin IN ('POL', 'SOL')),
    micro_usd bigint NOT NULL CHECK (micro_usd > 0),
    told_at timestamptz NOT NULL DEFAULT now()
  );
  GRANT SELECT ON coin_prices TO tickettoken_app;
  GRANT SELECT, INSERT, UPDATE ON coin_prices TO tickettoken_worker;
`;
