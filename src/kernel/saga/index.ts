export { SAGA_DISPATCHER } from './dispatcher.js';
export {
  provideSagaCommand,
  type SagaCommandFactory,
  type SagaCommandMeta,
} from './saga-commands.js';
export { SagaModule } from './saga.module.js';
export { provideSaga } from './saga-subscriber.js';
export type { Reaction, Saga, SagaOutput } from './saga.js';
