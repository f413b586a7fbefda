import { freePortNear } from './ports.js';

/** Everything of a world that listens. */
export const WORLD_PORTS = [
  'postgres',
  'stripe',
  'tickets',
  'orders',
  'users',
  'smtp',
  'mailbox',
  'prices',
  'polygon',
  'solana',
  'control',
] as const;

export type WorldPort = (typeof WORLD_PORTS)[number];
export type WorldPorts = Readonly<Record<WorldPort, number>>;

/**
 * The ports that `SANDBOX_<NAME>_PORT` fixes. Throws when one is no port or two are the same.
 */
export function fixedPorts(env: NodeJS.ProcessEnv): Partial<WorldPorts> {
  const fixed = WORLD_PORTS.flatMap((name) => {
    const variable = `SANDBOX_${name.toUpperCase()}_PORT`;
    const value = env[variable];
    return value ? [[name, toPort(variable, value)] as const] : [];
  });
  if (new Set(fixed.map(([, port]) => port)).size < fixed.length) {
    throw new Error('Two SANDBOX_…_PORT variables name the same port.');
  }
  return Object.fromEntries(fixed);
}

function toPort(variable: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > 65_535) throw new Error(`${variable} is not a port: ${value}`);
  return port;
}

/** A port for each of what the world itself listens with; PostgreSQL chooses its own. */
export async function choosePorts(
  fixed: Partial<WorldPorts>,
  previous: Partial<WorldPorts>,
): Promise<Omit<WorldPorts, 'postgres'>> {
  const taken = new Set(Object.values(fixed));
  const choose = async (name: WorldPort): Promise<number> => {
    let port = fixed[name] ?? (await freePortNear(previous[name]));
    while (fixed[name] === undefined && taken.has(port)) port = await freePortNear(undefined);
    taken.add(port);
    return port;
  };
  // One after the other: two free ports asked for at once could be the same.
  return {
    stripe: await choose('stripe'),
    tickets: await choose('tickets'),
    orders: await choose('orders'),
    users: await choose('users'),
    smtp: await choose('smtp'),
    mailbox: await choose('mailbox'),
    prices: await choose('prices'),
    polygon: await choose('polygon'),
    solana: await choose('solana'),
    control: await choose('control'),
  };
}
