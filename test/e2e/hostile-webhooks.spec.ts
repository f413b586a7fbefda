import { flawsOfError } from '../support/error-envelope.js';
import {
  forbiddenText,
  notAnObject,
  unreadable,
  withLiteral,
  wrongMedia,
} from '../support/hostile-bodies.js';
import { anonymous } from '../support/signers.js';
import { TargetRange } from '../support/targets.js';

const MAX_EVENT = 256 * 1_024;

let range: TargetRange;

beforeAll(async () => {
  range = await TargetRange.open();
});

afterAll(() => range.close());

describe("a provider's event", () => {
  const webhook = async () => {
    const target = (await range.targets()).find(
      ({ route }) => route.key === 'POST /webhooks/{provider}',
    );
    if (!target) throw new Error('the document has no webhook route');
    return target;
  };
  const codeOf = ({ status, text }: { status: number; text: string }) => [
    status,
    (JSON.parse(text) as { code?: string }).code,
  ];

  it('is refused whatever it holds unless its bytes are signed', async () => {
    const target = await webhook();
    const before = await range.rows.digest();
    const unsigned = { ...target, sample: { ...target.sample, signer: anonymous } };
    const attacks = [
      ...unreadable(target.valid),
      ...notAnObject(),
      ...forbiddenText(target.valid, []),
    ];
    for (const { what, bytes } of attacks.filter(({ bytes: { length } }) => length < MAX_EVENT)) {
      const answer = await range.send(unsigned, bytes);
      expect([what, ...codeOf(answer)]).toEqual([what, 400, 'INVALID_SIGNATURE']);
    }
    expect(await range.complaints(target, wrongMedia(target.valid))).toEqual([]);
    expect(await range.rows.digest()).toEqual(before);
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['lists 20 000 deep', '['.repeat(20_000) + ']'.repeat(20_000)],
  ])('is refused though signed when it is %s', async (_, text) => {
    const target = await webhook();
    const before = await range.rows.digest();
    const answer = await range.send(target, Buffer.from(text));
    expect(codeOf(answer)).toEqual([400, 'BAD_REQUEST']);
    expect(flawsOfError(answer, target.sample.path)).toEqual([]);
    expect(await range.rows.digest()).toEqual(before);
  });

  it.each(['id', 'type', 'livemode', 'data', 'data.object', 'data.object.id'])(
    'is refused though signed when its %s is not one',
    async (path) => {
      const target = await webhook();
      const before = await range.rows.digest();
      for (const literal of ['null', '[]', '7', '"\\u0000"', '"\\ud800"', `"${'x'.repeat(300)}"`]) {
        const bytes = Buffer.from(withLiteral(target.valid, path.split('.'), literal));
        const answer = await range.send(target, bytes);
        expect([literal, ...codeOf(answer)]).toEqual([literal, 400, 'BAD_REQUEST']);
      }
      expect(await range.rows.digest()).toEqual(before);
    },
  );

  it('may hold text that our own routes refuse: the provider means what it signs', async () => {
    const target = await webhook();
    const bytes = Buffer.from(JSON.stringify({ ...target.valid, note: 'a\r\nb\u202e' }));
    expect((await range.send(target, bytes)).status).toBe(200);
  });
});
