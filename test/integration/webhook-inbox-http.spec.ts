import { CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { ConfigModule, loadConfig } from '../../src/kernel/config/index.js';
import { armFailpoints } from '../../src/kernel/failpoints/failpoints.js';
import { WebhooksModule } from '../../src/webhooks/webhooks.module.js';
import { ENVIRONMENT, TENANT } from './edge-app.js';
import { ground } from './outbox-database.js';
import {
  acme,
  AcmeSource,
  app,
  body,
  db,
  hmac,
  post,
  rows,
  SECRET,
  worker,
} from './webhook-inbox-world.js';

describe('POST /webhooks/:provider', () => {
  it('stores the event before it says so', async () => {
    const response = await post(body());
    expect([response.statusCode, response.json()]).toEqual([200, { received: true }]);
    expect(await rows()).toEqual([
      expect.objectContaining({
        tenant_id: TENANT,
        provider: 'acme',
        webhook_id: 'evt_1',
        event_type: 'charge.succeeded',
        account: 'acct_1',
        livemode: false,
        payload: { object: 'ch_1' },
        signature: hmac(body(), SECRET),
        status: 'pending',
        attempts: 0,
      }),
    ]);
    expect(acme.handled).toEqual([]);
  });

  it('takes fifty copies at once and handles one', async () => {
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(body())));
    expect(new Set(responses.map((response) => response.statusCode))).toEqual(new Set([200]));
    expect(await rows()).toHaveLength(1);
    await Promise.all([worker.pass(), worker.pass(), worker.pass()]);
    expect(acme.handled).toHaveLength(1);
    expect((await post(body())).statusCode).toBe(200);
    expect(await worker.pass()).toBe(0);
  });

  const signed = hmac(body(), SECRET);
  it.each([
    ['no signature', body(), ''],
    ['a signature of another body', body({ object: 'ch_2' }), signed],
    ['a body written anew', JSON.stringify(JSON.parse(body()), null, 1), signed],
    ["another endpoint's secret", body(), hmac(body(), 'whsec_of_other')],
  ])('refuses %s', async (_, payload, signature) => {
    const response = await post(payload, signature);
    expect([response.statusCode, response.json()]).toMatchObject([
      400,
      { code: 'INVALID_SIGNATURE' },
    ]);
    expect(await rows()).toEqual([]);
  });

  it('knows no other provider', async () => {
    const response = await post(body(), signed, 'nobody');
    expect([response.statusCode, response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    expect(await rows()).toEqual([]);
  });

  it('refuses an empty request', async () => {
    const response = await app.inject({ method: 'POST', url: '/webhooks/acme' });
    expect(response.statusCode).toBe(400);
  });

  it('refuses more than 256 kB, takes just that much', async () => {
    const padded = (bytes: number) => {
      const empty = body({ padding: '' });
      return body({ padding: 'x'.repeat(bytes - empty.length) });
    };
    const tooLarge = await post(padded(256 * 1024 + 1));
    expect([tooLarge.statusCode, tooLarge.json()]).toMatchObject([
      413,
      { code: 'PAYLOAD_TOO_LARGE' },
    ]);
    expect(await rows()).toEqual([]);
    expect((await post(padded(256 * 1024))).statusCode).toBe(200);
  });

  it('says nothing good when the process dies after storing; the copy is the same event', async () => {
    armFailpoints('webhook.after_inbox:throw');
    expect((await post(body())).statusCode).toBe(500);
    armFailpoints(undefined);
    expect((await post(body())).statusCode).toBe(200);
    expect(await rows()).toHaveLength(1);
  });
});

it('does not start with a provider that only verifies', async () => {
  const half = Test.createTestingModule({
    imports: [
      ConfigModule.register(loadConfig(ENVIRONMENT)),
      ground(db),
      CqrsModule.forRoot(),
      WebhooksModule,
    ],
    providers: [AcmeSource],
  });
  const compiled = await half.compile();
  await expect(compiled.init()).rejects.toThrow('need both a source and a handler');
});
