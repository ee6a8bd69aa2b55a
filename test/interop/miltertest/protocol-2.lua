-- An MTA that speaks version 2, where nothing is answered by silence and no macros are asked for.
-- miltertest sends DATA all the same, and goes on after it was refused: the null sender, refused at
-- DATA, is refused at the end of the message as well.

local ACTIONS = 0x3f
local STEPS = 0x7f

local function open()
  local conn = session.connect()
  session.check(mt.negotiate(conn, 2, ACTIONS, STEPS) == nil, "negotiation failed")
  for _, name in ipairs({ "SMFIP_NR_CONN", "SMFIP_NR_HELO", "SMFIP_NR_MAIL", "SMFIP_NOUNKNOWN" }) do
    session.check(not mt.test_option(conn, _G[name]), name .. " was not offered")
  end
  session.check(not mt.test_action(conn, SMFIF_SETSYMLIST), "SMFIF_SETSYMLIST was not offered")
  session.greet(conn, "203.0.113.7")
  return conn
end

local conn = open()
session.mail(conn, "<joe@client.example>")
session.rcpt(conn, "<user7@local.test>", "replycode")
mt.abort(conn)
session.mail(conn, "<>")
session.rcpt(conn, "<user7@local.test>", "continue")
session.expect(conn, "replycode", mt.data(conn), "data")
session.finish(conn, "replycode")
session.check(session.header(conn) == nil, "a header on a mail that is refused")
mt.disconnect(conn)

session.pass_time(180)
conn = open()
session.mail(conn, "<>")
session.rcpt(conn, "<user7@local.test>", "continue")
session.finish(conn, "continue")
session.check(session.header(conn) ~= nil, "no header for the null sender")
session.mail(conn, "<joe@client.example>")
session.rcpt(conn, "<user7@local.test>", "continue")
session.finish(conn, "continue")
session.check(session.header(conn) ~= nil, "no header")
mt.disconnect(conn)
