// Writes .env.example from the configuration schema (build first).
import { writeFileSync } from 'node:fs';
import { envExample } from '../dist/src/kernel/config/env-example.js';

writeFileSync(new URL('../.env.example', import.meta.url), envExample());
