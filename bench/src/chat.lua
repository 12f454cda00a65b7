-- Posts chat completions of which no two are alike, so that no cache can answer; prints one line
-- `RESULT key=value …` for run.sh. Arguments after `--`: a word that no earlier run has used, and
-- of how many tenants (those of Tenants.java) the keys are to be used in turn; else the development
-- key is.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  local path = wrk.path
  local before = '{"model":"openai/bench","messages":[{"role":"system","content":"You keep the gate of a '
    .. 'serai. Answer in one sentence."},{"role":"user","content":"Caravan ' .. (args[1] or os.time())
    .. "-" .. id .. "-"
  local after = ' asks for water."}]'
    .. (stream and ',"stream":true,"stream_options":{"include_usage":true}}' or ',"temperature":0.2}')
  local head = "POST " .. path .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n"
    .. "Content-Type: application/json\r\nContent-Length: " .. (#before + 12 + #after)
    .. "\r\nAuthorization: Bearer "
  local keys = tonumber(args[2])
  local key = "sk-serai-dev"
  local count = 0
  request = function()
    count = count + 1
    if keys then key = string.format("sk-serai-%043d", count * 7919 % keys) end
    return head .. key .. "\r\n\r\n" .. before .. string.format("%012d", count) .. after
  end
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    "RESULT requests=%d micros=%d p50=%d p99=%d max=%d socket=%d status=%d timeout=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency.max, e.connect + e.read + e.write, e.status, e.timeout))
end
