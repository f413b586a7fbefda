import type { Make, Sample } from './sample-requests.js';
import type { SampleScene } from './sample-scene.js';

const REVIEWS = '/admin/fraud/reviews';

/** What a reviewer may ask about purchases that wait for a decision. */
export function reviewSamples(
  scene: SampleScene,
  byAdmin: (path: string) => Sample,
): Record<string, Make> {
  const body = { reason: 'The buyer has bought from us for years' };
  return {
    [`GET ${REVIEWS}`]: async () => {
      await scene.inReview();
      return byAdmin(REVIEWS);
    },
    [`POST ${REVIEWS}/{paymentId}/approve`]: async () => ({
      ...byAdmin(`${REVIEWS}/${await scene.inReview()}/approve`),
      body,
    }),
    [`POST ${REVIEWS}/{paymentId}/reject`]: async () => ({
      ...byAdmin(`${REVIEWS}/${await scene.inReview()}/reject`),
      body,
    }),
  };
}
