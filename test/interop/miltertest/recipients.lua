-- The recipients of one mail are answered one by one.

local sender = "<joe@client.example>"
local known = "<user3@local.test>"
local new = "<user4@local.test>"
local newer = "<user5@local.test>"

local conn = session.open("203.0.113.7")
session.mail(conn, sender)
session.rcpt(conn, known, "replycode")
mt.abort(conn)
session.pass_time(180)
session.mail(conn, sender)
session.rcpt(conn, known, "continue")
session.finish(conn, "continue")

-- New ones beside a known one wait; the known one does not.
session.mail(conn, sender)
session.rcpt(conn, new, "replycode")
session.rcpt(conn, known, "continue")
session.rcpt(conn, newer, "replycode")
session.expect(conn, "continue", mt.data(conn), "data")
session.finish(conn, "continue")
session.check(session.header(conn) == nil, "a header: " .. tostring(session.header(conn)))

-- And pass together.
session.pass_time(180)
session.mail(conn, sender)
session.rcpt(conn, new, "continue")
session.rcpt(conn, newer, "continue")
session.finish(conn, "continue")
session.check(session.header(conn) ~= nil, "no header")
mt.disconnect(conn)
