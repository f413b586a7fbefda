import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { importPKCS8, SignJWT } from 'jose';
import { Clock } from '../../src/kernel/clock.js';
import {
  attackerKeys,
  bearer,
  edgeApp,
  issuerKeys,
  type MovableClock,
  nextKeys,
  TENANT,
  token,
  USER,
  type EdgeBody,
} from './edge-app.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

/** The claims of a right token, under another header and signature. */
async function forged(header: object, sign: (input: string) => string): Promise<string> {
  const [, claims = ''] = (await token()).split('.');
  const input = `${encode(header)}.${claims}`;
  return `${input}.${sign(input)}`;
}

const hs256 = (secret: string) => (input: string) =>
  createHmac('sha256', secret).update(input).digest('base64url');

const ATTACKS: readonly (readonly [string, () => Promise<string>])[] = [
  ['alg none', () => forged({ alg: 'none' }, () => '')],
  ['alg nOnE', () => forged({ alg: 'nOnE' }, () => 'x')],
  ['alg none without a dot', async () => (await forged({ alg: 'none' }, () => '')).slice(0, -1)],
  ['HS256 with the public key', () => forged({ alg: 'HS256' }, hs256(issuerKeys.publicKey))],
  ['no alg', () => forged({ typ: 'JWT' }, hs256('x'))],
  ['RS512 by the right key', () => signedAs('RS512')],
  ['PS256 by the right key', () => signedAs('PS256')],
  ['an elliptic curve', signedByCurve],
  ["an attacker's key", () => token({ privateKey: attackerKeys.privateKey })],
  ['jku', () => token({ header: { jku: 'https://evil.example.com/jwks' } })],
  [
    'x5u by an attacker',
    () => token({ privateKey: attackerKeys.privateKey, header: { x5u: 'https://evil.example' } }),
  ],
  ['an embedded jwk', () => token({ header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } })],
  ['a huge kid', () => token({ header: { kid: 'k'.repeat(5_000) } })],
  ['a nested token', () => token({ header: { cty: 'JWT' } })],
  ['a token of 9 kB', () => token({ claims: { filler: 'x'.repeat(9_000) } })],
  ['another issuer', () => token({ claims: { iss: 'https://evil.example.com' } })],
  ['no issuer', () => token({ without: ['iss'] })],
  ['another audience', () => token({ claims: { aud: 'other-service' } })],
  ['no audience', () => token({ without: ['aud'] })],
  ['no expiry', () => token({ without: ['exp'] })],
  ['a text as expiry', () => token({ claims: { exp: '9999999999' } })],
  ['not valid yet', () => token({ claims: { nbf: now() + 120 } })],
  ['no subject', () => token({ without: ['sub'] })],
  ['a subject that is no UUID', () => token({ claims: { sub: "' OR 1=1 --" } })],
  ['a subject and another id', () => token({ claims: { id: TENANT } })],
  ['no tenant', () => token({ without: ['tenant_id'] })],
  ['a tenant that is no UUID', () => token({ claims: { tenant_id: '*' } })],
  ['a list of tenants', () => token({ claims: { tenant_id: [TENANT] } })],
  ['roles that are an object', () => token({ claims: { roles: { admin: true } } })],
  ['venues that are no UUIDs', () => token({ claims: { venues: ['*'] } })],
  ['claims that are no object', () => forged({ alg: 'RS256' }, () => 'AAAA')],
  ['one changed character', async () => flipped(await token())],
  ['rubbish', () => Promise.resolve('a.b.c')],
];

async function signedAs(alg: string): Promise<string> {
  const key = await importPKCS8(issuerKeys.privateKey, alg);
  return new SignJWT({ sub: USER, tenant_id: TENANT })
    .setProtectedHeader({ alg })
    .setIssuer('https://auth.example.com')
    .setAudience('payment-service')
    .setExpirationTime('5m')
    .sign(key);
}

async function signedByCurve(): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return new SignJWT({ sub: USER, tenant_id: TENANT })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('5m')
    .sign(privateKey);
}

function flipped(jwt: string): string {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const at = 10;
  const other = signature[at] === 'A' ? 'B' : 'A';
  return `${head}.${claims}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`;
}

describe('user tokens', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    ({ app } = await edgeApp());
  });
  afterAll(() => app.close());

  const call = (headers: Record<string, string>, url = '/orders') => app.inject({ url, headers });

  it.each(ATTACKS)('refuses %s', async (_, make) => {
    const answer = await call(bearer(await make()));
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'INVALID_TOKEN']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('refuses an expired token, with a minute of tolerance at most', async () => {
    const old = await call(bearer(await token({ claims: { exp: now() - 61 } })));
    expect([old.statusCode, old.json<EdgeBody>().code]).toEqual([401, 'TOKEN_EXPIRED']);
    const skewed = await call(bearer(await token({ claims: { exp: now() - 5 } })));
    expect(skewed.statusCode).toBe(200);
  });

  it.each([
    [{}, 'AUTH_REQUIRED'],
    [{ authorization: '' }, 'AUTH_REQUIRED'],
    [{ authorization: 'Basic YTpi' }, 'INVALID_TOKEN'],
    [{ authorization: 'Bearer' }, 'INVALID_TOKEN'],
    [{ authorization: 'Bearer a b' }, 'INVALID_TOKEN'],
  ])('refuses the headers %j', async (headers: Record<string, string>, code) => {
    const answer = await call(headers);
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, code]);
  });

  it('accepts either key of a rotation, and a kid that means nothing', async () => {
    const header = { kid: '../../../../dev/null' };
    const next = await token({ privateKey: nextKeys.privateKey, header });
    expect((await call(bearer(next))).statusCode).toBe(200);
  });

  it('understands the aliases id and role, and ignores roles it does not know', async () => {
    const claims = { id: USER.toUpperCase(), role: 'venue_owner' };
    const aliased = await call(bearer(await token({ claims, without: ['sub', 'roles'] })));
    expect(aliased.json()).toMatchObject({ userId: USER, roles: ['venue_owner'] });
    const odd = await call(bearer(await token({ claims: { roles: ['root', 'user'] } })));
    expect(odd.json<EdgeBody>().roles).toEqual(['user']);
  });

  it.each([
    [['user'], 403],
    [['venue_owner', 'venue_manager', 'reviewer', 'researcher'], 403],
    [['admin'], 200],
    [['platform_admin'], 200],
  ])('lets %j into an admin route: %i', async (roles, status) => {
    const answer = await call(bearer(await token({ claims: { roles } })), '/orders/admin');
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json<EdgeBody>().code).toBe('FORBIDDEN');
  });

  it('remembers a verified token without remembering it past its end', async () => {
    const jwt = await token();
    expect((await call(bearer(jwt))).statusCode).toBe(200);
    const clock = app.get<MovableClock>(Clock);
    clock.forward(660);
    const answer = await call(bearer(jwt));
    clock.forward(-660);
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it('does not take a user token on an internal route', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/internal/echo',
      headers: bearer(await token({ claims: { roles: ['platform_admin'] } })),
    });
    expect([answer.statusCode, answer.json<EdgeBody>().code]).toEqual([401, 'AUTH_REQUIRED']);
  });
});
