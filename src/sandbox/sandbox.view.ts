import type { UserName } from './cast.js';
import type { WorldDescription } from './description.js';

/** Where the description of the world and fresh tokens come from. */
export interface SandboxSource {
  readonly description: WorldDescription;
  tokens(): Promise<Record<UserName, string>>;
}

/** The answer of `GET /sandbox`: all that a newcomer or a script needs to make calls. */
export function sandboxView(
  { emulators, stripe, ...world }: WorldDescription,
  tokens: Readonly<Record<UserName, string>>,
  baseUrl: string,
) {
  return {
    baseUrl,
    docs: `${baseUrl}/docs`,
    ...world,
    tokens,
    stripe: { ...stripe, webhookUrl: `${baseUrl}/webhooks/stripe` },
    links: {
      docs: `${baseUrl}/docs`,
      openapi: `${baseUrl}/docs-json`,
      health: `${baseUrl}/health`,
      ready: `${baseUrl}/health/ready`,
      info: `${baseUrl}/info`,
      metrics: `${baseUrl}/metrics`,
      mail: `${baseUrl}/sandbox/mail`,
      ...emulators,
    },
  };
}

export type SandboxView = ReturnType<typeof sandboxView>;
