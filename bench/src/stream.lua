-- Streamed answers with usage. The chat.lua beside this file does the work.
stream = true
dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "chat.lua")
