import { Script } from './script.js';

/** Nothing is kept of a room for longer after the last that was heard of it; longer than any state. */
const KEPT_MS = 60_000;

/** Nobody tells so late that a place has been taken. */
const LATE_MS = 60_000;

/**
 * What is kept of a room. `state` says whether the rest may be believed: absent, it is lost;
 * `loading:<id>`, somebody is filling it; `ready`. It lapses unless a worker renews it, so that what a
 * server brings back from an older snapshot of itself is not believed.
 * `line`: users by ordinal. `ids`: user to place, drawn or not. `leases`: users by the end of their
 * lease in milliseconds. `gone`: places that were removed, by when. Who takes a place and who removes
 * it are told of by two processes, in any order: what is gone does not come back.
 */
const NAMES = `
  local state, line, ids, leases, gone = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
  local function keep()
    for _, key in ipairs({ line, ids, leases }) do redis.call('PEXPIRE', key, ${KEPT_MS}) end
  end
  local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end
`;

/** Lease in ms, then user, place and ordinal (empty: not drawn) of each. Answers whether anything is kept. */
export const ENTER = new Script(`${NAMES}
  if redis.call('EXISTS', state) == 0 then return 0 end
  local ends = now() + ARGV[1]
  for i = 2, #ARGV, 3 do
    local user, place, ordinal = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    if not redis.call('ZSCORE', gone, place) then
      redis.call('HSET', ids, user, place)
      if ordinal ~= '' then
        redis.call('ZADD', line, ordinal, user)
        redis.call('ZADD', leases, ends, user)
      end
    end
  end
  keep()
  return 1
`);

/** User and place of each. Answers whether anything is kept; what is gone is noted in any case. */
export const REMOVE = new Script(`${NAMES}
  local at = now()
  redis.call('ZREMRANGEBYSCORE', gone, '-inf', at - ${LATE_MS})
  for i = 1, #ARGV, 2 do
    local user, place = ARGV[i], ARGV[i + 1]
    redis.call('ZADD', gone, at, place)
    if redis.call('HGET', ids, user) == place then
      redis.call('HDEL', ids, user)
      redis.call('ZREM', line, user)
      redis.call('ZREM', leases, user)
    end
  end
  redis.call('PEXPIRE', gone, ${LATE_MS})
  return redis.call('EXISTS', state)
`);

/** Lease in ms, user. Answers the state unless it is ready, else place, rank (or -1) and length, or nothing. */
export const STAND = new Script(`${NAMES}
  local is = redis.call('GET', state)
  if is ~= 'ready' then return is or '' end
  local user = ARGV[2]
  local place = redis.call('HGET', ids, user)
  if not place then return false end
  local rank = redis.call('ZRANK', line, user)
  if rank then
    local ends, at = redis.call('ZSCORE', leases, user), now()
    if not ends or ends - at < ARGV[1] / 2 then
      redis.call('ZADD', leases, at + ARGV[1], user)
    end
  end
  return { place, rank or -1, redis.call('HLEN', ids) }
`);

/** Limit, life of the state in ms. Answers the state unless it is ready, else users and their places. */
export const SILENT = new Script(`${NAMES}
  local is = redis.call('GET', state)
  if is ~= 'ready' then return is or '' end
  redis.call('PEXPIRE', state, ARGV[2])
  keep()
  local found = {}
  for _, user in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now(), 'LIMIT', 0, ARGV[1])) do
    local place = redis.call('HGET', ids, user)
    if place then table.insert(found, { user, place }) else redis.call('ZREM', leases, user) end
  end
  return found
`);

/** Id of the filling, its patience in ms. Answers whether it may begin. */
export const BEGIN = new Script(`${NAMES}
  if redis.call('EXISTS', state) == 1 then return 0 end
  redis.call('UNLINK', line, ids, leases)
  redis.call('SET', state, 'loading:' .. ARGV[1], 'PX', ARGV[2])
  return 1
`);

/**
 * Id, patience and lease in ms, then user, place and ordinal of each. What has come to be known
 * meanwhile is newer than what is being filled in. Answers whether to go on.
 */
export const LOAD = new Script(`${NAMES}
  if redis.call('GET', state) ~= 'loading:' .. ARGV[1] then return 0 end
  redis.call('PEXPIRE', state, ARGV[2])
  local ends = now() + ARGV[3]
  for i = 4, #ARGV, 3 do
    local user, place, ordinal = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    if not redis.call('ZSCORE', gone, place)
        and redis.call('HSETNX', ids, user, place) == 1 and ordinal ~= '' then
      redis.call('ZADD', line, ordinal, user)
      redis.call('ZADD', leases, ends, user)
    end
  end
  keep()
  return 1
`);

/** Id, life of the state in ms. Answers whether it is ready now. */
export const FINISH = new Script(`${NAMES}
  if redis.call('GET', state) ~= 'loading:' .. ARGV[1] then return 0 end
  redis.call('SET', state, 'ready', 'PX', ARGV[2])
  keep()
  return 1
`);
