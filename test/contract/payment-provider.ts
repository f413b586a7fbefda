import type { ProviderBench } from './payment-provider-bench.js';
import { charging } from './payment-provider-charging.js';
import { holding } from './payment-provider-holding.js';
import { refunding } from './payment-provider-refunding.js';
import { reviewing } from './payment-provider-reviewing.js';
import { Scene } from './payment-provider-scene.js';

/** What every payment provider must keep to; `start` gives each test a vendor without history. */
export function keepsTheContract(name: string, start: () => Promise<ProviderBench>): void {
  describe(`${name} as a payment provider`, () => {
    const scene = new Scene(start);
    beforeEach(() => scene.open());
    afterEach(() => scene.close());

    charging(scene);
    holding(scene);
    refunding(scene);
    reviewing(scene);
  });
}
