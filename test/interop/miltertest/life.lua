-- A triplet from its first attempt to the mail that nobody delays any more.

local sender = "<joe@client.example>"
local recipient = "<user1@local.test>"

local conn = session.open("203.0.113.7")

session.mail(conn, sender)
session.rcpt(conn, recipient, "replycode")
mt.abort(conn)

session.pass_time(120)
session.mail(conn, sender)
session.rcpt(conn, recipient, "replycode")
mt.disconnect(conn)

-- After the delay, from a neighbouring address: the same client.
session.pass_time(60)
conn = session.open("203.0.113.99")
session.mail(conn, sender)
session.rcpt(conn, recipient, "continue")
session.expect(conn, "continue", mt.data(conn), "data")
session.finish(conn, "continue")
local header = session.header(conn)
local delayed = "^delayed 00:03:00 by greymilter at mx%.local%.test; "
session.check(header ~= nil and header:find(delayed), "header: " .. tostring(header))

-- The next mail, on the same connection: known, and nothing to be said in a header.
session.mail(conn, sender)
session.rcpt(conn, recipient, "continue")
session.expect(conn, "continue", mt.data(conn), "data of the second mail")
session.finish(conn, "continue")
session.check(session.header(conn) == nil, "a header: " .. tostring(session.header(conn)))
mt.disconnect(conn)

-- Another network is another client, if it has another name.
conn = session.open("198.51.100.8", "mail.other.example")
session.mail(conn, sender)
session.rcpt(conn, recipient, "replycode")
mt.disconnect(conn, false)
