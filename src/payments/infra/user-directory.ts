import { Inject, Injectable } from '@nestjs/common';
import * as z from 'zod';
import { CONFIG, type Config } from '../../kernel/config/index.js';
import { askPlatform } from '../../kernel/http/ask-platform.js';
import type { Uuid } from '../../kernel/ids.js';

const userShape = z.object({
  id: z.string().toLowerCase(),
  email: z.string().nullish(),
  name: z.string().nullish(),
});

/** Who somebody is and where to reach them. It is asked when needed and kept nowhere. */
export type DirectoryUser = z.infer<typeof userShape>;

/**
 * The platform's user service, which owns names and addresses: one that was changed or erased there
 * is changed or erased for us at the same moment. Rejects with USER_SERVICE_UNAVAILABLE, as an
 * `UnfitAnswer` where it answered something that cannot be used.
 */
export abstract class UserDirectory {
  abstract user(tenantId: Uuid, userId: Uuid): Promise<DirectoryUser | 'not_found'>;
}

/** The user service over HTTP: `GET /api/v1/users/:id` with `x-tenant-id`. */
@Injectable()
export class HttpUserDirectory extends UserDirectory {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'platform'>) {
    super();
  }

  user(tenantId: Uuid, userId: Uuid): Promise<DirectoryUser | 'not_found'> {
    const { userServiceUrl, timeoutMs } = this.config.platform;
    return askPlatform({
      baseUrl: userServiceUrl,
      path: `/api/v1/users/${encodeURIComponent(userId)}`,
      tenantId,
      shape: userShape.refine((found) => found.id === userId.toLowerCase(), 'is another id'),
      timeoutMs,
      unavailable: 'USER_SERVICE_UNAVAILABLE',
    });
  }
}
