export { BrokerModule } from './broker.module.js';
