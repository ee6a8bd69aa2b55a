-- The null sender is answered at DATA, so that others can ask whether an address exists.

local recipient = "<user2@local.test>"

local conn = session.open("203.0.113.7")
session.mail(conn, "<>")
session.rcpt(conn, recipient, "continue")
mt.abort(conn)

session.mail(conn, "<>")
session.rcpt(conn, recipient, "continue")
session.expect(conn, "replycode", mt.data(conn), "data")
mt.abort(conn)

-- Nothing of it leaks into a mail with a sender.
session.mail(conn, "<joe@client.example>")
session.rcpt(conn, recipient, "replycode")
mt.abort(conn)

session.pass_time(180)
session.mail(conn, "<>")
session.rcpt(conn, recipient, "continue")
session.expect(conn, "continue", mt.data(conn), "data of the retry")
session.finish(conn, "continue")
session.check(session.header(conn) ~= nil, "no header")
mt.disconnect(conn)
