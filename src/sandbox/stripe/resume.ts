import { bookLate } from './charging.js';
import { decideLater } from './disputes/decide.js';
import { disputeLater } from './disputes/open.js';
import { settleLater } from './refunds/settle.js';
import type { World } from './state/world.js';

/** Takes up what was still to happen when the emulator last stopped. */
export function resume(world: World): void {
  for (const charge of world.charges.all()) {
    if (!charge.captured) continue;
    if (charge.balanceTransaction === null) bookLate(world, charge);
    if (!charge.disputed) disputeLater(world, charge);
  }
  world.refunds.all().forEach((refund) => {
    settleLater(world, refund);
  });
  world.disputes.all().forEach((dispute) => {
    decideLater(world, dispute);
  });
}
