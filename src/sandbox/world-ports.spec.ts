import { choosePorts, fixedPorts } from './world-ports.js';

describe('fixedPorts', () => {
  it('reads the variables that are set', () => {
    expect(fixedPorts({ SANDBOX_STRIPE_PORT: '12111', SANDBOX_CONTROL_PORT: '' })).toEqual({
      stripe: 12111,
    });
  });

  it.each(['0', '65536', '0x10', '12 ', '-1', 'abc'])('refuses %p', (value) => {
    expect(() => fixedPorts({ SANDBOX_USERS_PORT: value })).toThrow('SANDBOX_USERS_PORT');
  });

  it('refuses one port for two', () => {
    const env = { SANDBOX_STRIPE_PORT: '12111', SANDBOX_POSTGRES_PORT: '12111' };
    expect(() => fixedPorts(env)).toThrow('same port');
  });
});

describe('choosePorts', () => {
  it('keeps what is fixed and gives everyone else a port of its own', async () => {
    const ports = await choosePorts({ stripe: 12111 }, {});
    expect(ports.stripe).toBe(12111);
    expect(new Set(Object.values(ports)).size).toBe(10);
  });

  it('gives out a port of the last start again, unless someone now has it fixed', async () => {
    const { users, control } = await choosePorts({}, {});
    const again = await choosePorts({ postgres: control }, { users, control });
    expect(again.users).toBe(users);
    expect(again.control).not.toBe(control);
  });
});
