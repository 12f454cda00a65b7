-- Whole answers. The chat.lua beside this file does the work.
stream = false
dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "chat.lua")
