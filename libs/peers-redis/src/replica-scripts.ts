/*
 * Times are those of Redis, so that replicas with different clocks agree. What ran out is taken away whenever somebody
 * looks.
 */

const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

const DROP_EXPIRED = `
local expired = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE')
for n, id in ipairs(expired) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
`;

/** KEYS replicas, addresses. ARGV id, address, time to live. */
export const REGISTER = `${NOW}${DROP_EXPIRED}
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1`;

/** KEYS replicas, addresses. Returns ids and addresses in turn. */
export const LIST = `${NOW}${DROP_EXPIRED}
local all = {}
for n, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  all[2 * n - 1] = id
  all[2 * n] = redis.call('HGET', KEYS[2], id) or ''
end
return all`;

/** KEYS replicas, addresses. ARGV id. */
export const REMOVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`;

/**
 * KEYS lease, fences. ARGV name, holder, time to live. Returns the fence as text, or nothing where another has it. A fence
 * is at least the time in milliseconds: it grows even if Redis lost what it knew.
 */
export const ACQUIRE = `${NOW}
local holder = redis.call('HGET', KEYS[1], 'holder')
if holder and holder ~= ARGV[2] then return false end
local fence = math.max(now, (tonumber(redis.call('HGET', KEYS[2], ARGV[1])) or 0) + 1)
local text = string.format('%.0f', fence)
redis.call('HSET', KEYS[2], ARGV[1], text)
redis.call('HSET', KEYS[1], 'holder', ARGV[2], 'fence', text)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return text`;

const IS_HELD = `
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
`;

/** KEYS lease. ARGV holder, fence, time to live. */
export const RENEW = `${IS_HELD} return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

/** KEYS lease. ARGV holder, fence. */
export const RELEASE = `${IS_HELD} return redis.call('DEL', KEYS[1])`;
