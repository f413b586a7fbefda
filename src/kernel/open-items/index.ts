export {
  ListOpenItems,
  type OpenItemFilter,
  type OpenItemPage,
  type OpenItemTotals,
} from './list-open-items.js';
export { closeItem, openItem, type OpenItem } from './open-item.js';
export { OpenItemsModule } from './open-items.module.js';
export type { ItemStatus, RecordedItem } from './open-item-rows.js';
export { ResolveOpenItem } from './resolve-open-item.js';
