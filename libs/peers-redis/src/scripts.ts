/*
 * Scripts run one at a time and whole: each of these is one atomic step. Arguments are plain strings behind counts, never
 * JSON, so that no text is changed on the way. Sent as they are with each call (under 1 kB): a Redis that was restarted,
 * or another one after a fail-over, needs no loading.
 */

const READ_ARGUMENTS = `
local at = 0
local function take() at = at + 1; return ARGV[at] end
local function takeList()
  local list = {}
  for n = 1, tonumber(take()) do list[n] = take() end
  return list
end
`;

/** Appends events to the stream KEYS[#KEYS]; the ids of those of the passing kind stand in the list before it. */
const APPEND_EVENTS = `
local events, passing = KEYS[#KEYS], KEYS[#KEYS - 1]
local cap, passingCap = take(), tonumber(take())
for n = 1, tonumber(take()) do
  local isPassing = take()
  local id = redis.call('XADD', events, 'MAXLEN', '~', cap, '*', unpack(takeList()))
  if isPassing == '1' then
    redis.call('RPUSH', passing, id)
    if redis.call('LLEN', passing) > passingCap then redis.call('XDEL', events, redis.call('LPOP', passing)) end
  end
end
`;

/**
 * KEYS peer, peers, passing, events. ARGV expected fields, id, new fields, last sight, caps, events. Compares every
 * field, not a version, so that a change by hand with redis-cli is seen too. Returns 0 where the peer is not as expected.
 */
export const CHANGE_PEER = `${READ_ARGUMENTS}
local expected = takeList()
if redis.call('HLEN', KEYS[1]) * 2 ~= #expected then return 0 end
for n = 1, #expected, 2 do
  if redis.call('HGET', KEYS[1], expected[n]) ~= expected[n + 1] then return 0 end
end
local id, fields, seen = take(), takeList(), take()
redis.call('DEL', KEYS[1])
if #fields > 0 then
  redis.call('HSET', KEYS[1], unpack(fields))
  redis.call('ZADD', KEYS[2], seen, id)
else
  redis.call('ZREM', KEYS[2], id)
end
${APPEND_EVENTS}
return 1`;

/** KEYS passing, events. ARGV caps, events. */
export const ADD_EVENTS = `${READ_ARGUMENTS}${APPEND_EVENTS} return 1`;

/** KEYS list, one hash a member. ARGV members. Takes off the list what has no hash (deleted by hand). */
export const DROP_MISSING = `
for n, member in ipairs(ARGV) do
  if redis.call('EXISTS', KEYS[n + 1]) == 0 then redis.call('ZREM', KEYS[1], member) end
end
return 1`;

/** KEYS devices, one hash a device. ARGV cap, then address, last sight and fields of each. Returns what is over the cap. */
export const PUT_DEVICES = `${READ_ARGUMENTS}
local cap = tonumber(take())
for n = 2, #KEYS do
  local address, seen = take(), take()
  redis.call('DEL', KEYS[n])
  redis.call('HSET', KEYS[n], unpack(takeList()))
  redis.call('ZADD', KEYS[1], seen, address)
end
local over = redis.call('ZCARD', KEYS[1]) - cap
if over <= 0 then return {} end
return redis.call('ZRANGE', KEYS[1], 0, over - 1)`;

/** KEYS devices, one hash a device. ARGV addresses. */
export const REMOVE_DEVICES = `
for n, address in ipairs(ARGV) do
  redis.call('DEL', KEYS[n + 1])
  redis.call('ZREM', KEYS[1], address)
end
return 1`;

/** KEYS status. ARGV fields to set with values, fields to remove. */
export const WRITE_STATUS = `${READ_ARGUMENTS}
local set, remove = takeList(), takeList()
if #set > 0 then redis.call('HSET', KEYS[1], unpack(set)) end
if #remove > 0 then redis.call('HDEL', KEYS[1], unpack(remove)) end
return 1`;

/** Arguments as `takeList` reads them. */
export function listArguments(values: readonly (string | number)[]): (string | number)[] {
  return [values.length, ...values];
}
