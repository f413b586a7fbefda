import { start } from './start.js';

/** The program: starts as the environment says, and says where it listens. Resolves when it does. */
export const listening = start(process.env).then(
  ({ url }) => {
    console.log(JSON.stringify({ level: 'info', msg: `listening on ${url}`, url }));
  },
  (error: unknown) => {
    const told = error instanceof Error && error.name === 'ConfigError';
    console.error(told ? error.message : error);
    process.exit(1);
  },
);
