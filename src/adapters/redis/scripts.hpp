/// The Lua that runs in Redis. Each script is one step beside all other commands; values come in
/// KEYS and ARGV only. `now` is the server's time in milliseconds.
#pragma once

#include <string_view>

namespace rubricon::redis::scripts {

// A member is "<user> <connection>", the user's id always 36 bytes long.

/// ARGV: user, connection, ttl. 1 where the user was not there before.
inline constexpr std::string_view presence_enter = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local appeared = 1
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[1]) == ARGV[1] then appeared = 0 break end
end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1] .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return appeared)";

/// ARGV: user, connection. 1 where that was the user's last one.
inline constexpr std::string_view presence_leave = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local there = redis.call('ZREM', KEYS[1], ARGV[1] .. ' ' .. ARGV[2])
if there == 0 then return 0 end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
  if string.sub(member, 1, #ARGV[1]) == ARGV[1] then return 0 end
end
return 1)";

/// The members that are no ghosts.
inline constexpr std::string_view presence_of_chat = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf'))";

/// KEYS: the set of a limit. ARGV: connection, max, ttl. 1 where it is in.
inline constexpr std::string_view lease_enter = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local there = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not there and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1)";

/// KEYS: a bucket {tokens, at}. ARGV: burst, tokens a second. 0, or the milliseconds to wait.
inline constexpr std::string_view bucket_take = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local burst, per_ms = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local passed = math.max(0, now - (tonumber(bucket[2]) or now))
local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + passed * per_ms)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / per_ms) end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_ms) + 1000)
return wait)";

/// KEYS: the answer, the set of its chat's answers. ARGV: job, reply_to, attempt, text, ttl, how
/// many a chat may have. A slower, older attempt must not overwrite its successor's text.
inline constexpr std::string_view running_update = R"(
local attempt = redis.call('HGET', KEYS[1], 'attempt')
if attempt and tonumber(attempt) > tonumber(ARGV[3]) then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if not attempt and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], 'reply_to', ARGV[2], 'attempt', ARGV[3], 'text', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('ZADD', KEYS[2], now + ARGV[5], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 1)";

/// KEYS: the set of a chat's answers. ARGV: what keys of answers begin with. Lists of job,
/// reply_to, attempt and text; those that are gone are taken out.
inline constexpr std::string_view running_of_chat = R"(
local running = {}
for _, job in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local answer = redis.call('HMGET', ARGV[1] .. job, 'reply_to', 'attempt', 'text')
  if answer[3] then
    running[#running + 1] = {job, answer[1], answer[2], answer[3]}
  else
    redis.call('ZREM', KEYS[1], job)
  end
end
return running)";

// Recent messages are a list, oldest first, whose last element is not a message but the position
// that they are of, "<epoch>:<seq>": so nothing can expire or be evicted without the other.

/// ARGV: the position asked for. nil where the list is of another one.
inline constexpr std::string_view recent_read = R"(
if redis.call('LINDEX', KEYS[1], -1) ~= ARGV[1] then return false end
return redis.call('LRANGE', KEYS[1], 0, -2))";

/// ARGV: epoch, seq, ttl, messages. Never puts an older state in the place of a newer one.
inline constexpr std::string_view recent_keep = R"(
local epoch, seq = string.match(redis.call('LINDEX', KEYS[1], -1) or '', '^(%d+):(%d+)$')
if epoch == ARGV[1] and tonumber(seq) > tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
for i = 4, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
redis.call('RPUSH', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1)";

/// ARGV: epoch, seq, ttl, how many messages there may be, what to do ("append", "advance" or
/// "forget"), what the message begins with, the message.
inline constexpr std::string_view recent_apply = R"(
local head = redis.call('LINDEX', KEYS[1], -1)
if not head then return 0 end
local epoch, seq = string.match(head, '^(%d+):(%d+)$')
if epoch == ARGV[1] and tonumber(ARGV[2]) <= tonumber(seq) then return 0 end
if epoch ~= ARGV[1] or tonumber(ARGV[2]) ~= seq + 1 or ARGV[5] == 'forget' then
  return redis.call('DEL', KEYS[1])
end
redis.call('RPOP', KEYS[1])
if ARGV[5] == 'append' then
  local there = false
  for _, message in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    if string.sub(message, 1, #ARGV[6]) == ARGV[6] then there = true end
  end
  if not there then redis.call('RPUSH', KEYS[1], ARGV[7]) end
  if redis.call('LLEN', KEYS[1]) > tonumber(ARGV[4]) then redis.call('LPOP', KEYS[1]) end
end
redis.call('RPUSH', KEYS[1], ARGV[1] .. ':' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1)";

/// ARGV: file, what is known of it as JSON, ttl in seconds, how many files there may be.
inline constexpr std::string_view upload_report = R"(
local read, files = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '{}')
if not read or type(files) ~= 'table' then files = {} end
local count = 0
for _ in pairs(files) do count = count + 1 end
if files[ARGV[1]] or count < tonumber(ARGV[4]) then files[ARGV[1]] = cjson.decode(ARGV[2]) end
redis.call('SET', KEYS[1], cjson.encode(files), 'EX', ARGV[3])
return 1)";

}  // namespace rubricon::redis::scripts
