-- Runs another script of this folder, named by `script`, and says why it fails: miltertest by itself
-- only ends with status 1.

dofile("session.lua")

local succeeded, problem = xpcall(dofile, debug.traceback, script)
if not succeeded then
  io.stderr:write(problem, "\n")
  os.exit(1)
end
