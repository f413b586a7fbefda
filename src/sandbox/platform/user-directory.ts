import { newId } from '../../kernel/ids.js';
import type { Routes } from '../http-router.js';
import { type EmulatedService, found, parse, serve, tenantOf } from './endpoint.js';
import { type User, type UserDraft, userDraft } from './shapes.js';
import type { PlatformState } from './state.js';

/** The emulated user service: who someone is and where to reach them. */
export interface UserDirectoryEmulator extends EmulatedService {
  /** Fills in what the draft leaves out; an address in Nashville, Tennessee by default. */
  createUser(draft?: UserDraft, tenantId?: string): User;
}

/** Starts it; `mainTenantId` is meant wherever no tenant is given. */
export async function startUserDirectory(
  state: PlatformState,
  mainTenantId: string,
  port?: number,
): Promise<UserDirectoryEmulator> {
  const createUser = (draft: UserDraft = {}, tenantId = mainTenantId): User => {
    const user = completeUser(draft);
    state.of(tenantId).users[user.id] = user;
    state.changed();
    return user;
  };
  const routes: Routes = {
    'GET /api/v1/users/:userId': (call) =>
      found(state.of(tenantOf(call)).users[call.params.userId ?? ''], 'user'),
    'POST /__emulator/users': ({ header, body }) => ({
      status: 201,
      body: createUser(parse(userDraft, body), header('x-tenant-id')),
    }),
  };
  return { ...(await serve(routes, port)), createUser };
}

/** A complete directory entry from what is known of it. */
export function completeUser(draft: UserDraft): User {
  const id = draft.id ?? newId();
  return {
    id,
    email: `user-${id}@example.com`,
    name: 'Robin Sample',
    address: {
      street: '1201 Demonbreun Street',
      city: 'Nashville',
      state: 'TN',
      zip: '37203',
      country: 'US',
    },
    ...draft,
  };
}
