import { newId, type Uuid } from '../../kernel/ids.js';
import type { Seen } from '../domain/next-step.js';
import { anew, nextPart, partsOf, seenOnRecord, withoutPart } from './job-parts.js';
import type { Token } from './job-tasks.js';
import type { RecordedTry } from './transaction-rows.js';

const [A, B, C] = [newId(), newId(), newId()];
const VALIDITY = { blockhash: 'block', lastValidBlockHeight: 150 };
const token = (ticketId: Uuid) => ({ mint: { ticketId } }) as Token;

const ours = (seen: Seen) => ({ seen, isOurs: true });

function aTry(over: Partial<RecordedTry> = {}): RecordedTry {
  return {
    id: newId(),
    part: 0,
    number: 0,
    signer: 'signer',
    nonce: 1,
    ticketIds: [A, B],
    status: 'signed',
    signed: null,
    ageSeconds: 1,
    sentSecondsAgo: 1,
    error: null,
    gas: null,
    ...over,
  };
}

describe('the parts of a job', () => {
  it('are those with something left to do', () => {
    const tries = [aTry(), aTry({ part: 1, ticketIds: [C] })];
    const parts = partsOf(tries, [token(B)], () => ours('pending'), 0);
    expect(parts).toMatchObject([{ number: 0, step: { do: 'wait' } }]);
    expect(parts[0]?.left).toEqual([token(B)]);
  });

  it('go by all of their tries', () => {
    const tries = [aTry({ status: 'failed' }), aTry({ number: 1, nonce: 2, status: 'allocated' })];
    const [part] = partsOf(tries, [token(A)], (one) => ours(seenOnRecord(one) ?? 'pending'), 1);
    expect(part?.step).toEqual({ do: 'sign', try: 1, beats: null });
  });

  it('beat the fee of what expired on a chain without places', () => {
    const signed = { id: 'a', bytes: Buffer.of(1), ticketIds: [A], validity: VALIDITY };
    const expired = aTry({ nonce: null, status: 'expired', signed });
    const tries = [expired, aTry({ number: 1, nonce: null, status: 'allocated' })];
    const [part] = partsOf(tries, [token(A)], (one) => ours(seenOnRecord(one) ?? 'pending'), 0);
    expect(part?.step).toEqual({ do: 'sign', try: 1, beats: expired.number });
    expect(part?.tries.find(({ number }) => number === expired.number)?.signed).toBe(signed);
  });

  it('begin anew with what is still to be done', () => {
    const parts = partsOf(
      [aTry({ status: 'failed' })],
      [token(A), token(B)],
      () => ours('failed'),
      1,
    );
    expect(anew(parts, [token(B)])).toEqual([{ part: 0, number: 1, ticketIds: [B] }]);
    expect(anew(parts, [])).toEqual([]);
  });

  it('leave out tickets that nothing was begun for', () => {
    expect(withoutPart([aTry()], [token(A), token(C)])).toEqual([token(C)]);
    expect(nextPart([aTry({ part: 3 })])).toBe(4);
    expect(nextPart([])).toBe(0);
  });

  it('ask the chain of what is signed alone', () => {
    const statuses = ['allocated', 'signed', 'done', 'failed', 'expired', 'replaced'] as const;
    expect(statuses.map((status) => seenOnRecord(aTry({ status })))).toEqual([
      'unsigned',
      null,
      'done',
      'failed',
      'expired',
      'expired',
    ]);
  });
});
