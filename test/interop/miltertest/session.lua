-- What the scripts of this folder share. The test that runs them sets `socket`, where the filter
-- listens, and moves the filter's clock when a script asks for it.

session = {}

local names = {
  [SMFIR_CONTINUE] = "continue",
  [SMFIR_ACCEPT] = "accept",
  [SMFIR_REJECT] = "reject",
  [SMFIR_TEMPFAIL] = "tempfail",
  [SMFIR_DISCARD] = "discard",
  [SMFIR_REPLYCODE] = "replycode",
  [SMFIR_SKIP] = "skip",
}

function session.check(is_so, what)
  if not is_so then
    error(what, 2)
  end
end

-- Fails unless the event was sent and the filter's answer to it is this one.
function session.expect(conn, answer, problem, what)
  session.check(problem == nil, what .. ": " .. tostring(problem))
  local told = names[mt.getreply(conn)] or tostring(mt.getreply(conn))
  session.check(told == answer, what .. ": " .. told .. " instead of " .. answer)
end

function session.connect()
  local conn = mt.connect(socket)
  session.check(conn ~= nil, "no connection to " .. socket)
  return conn
end

-- Negotiates whatever miltertest offers by itself, and greets as this client.
function session.open(address, name)
  local conn = session.connect()
  session.check(mt.negotiate(conn, nil, nil, nil) == nil, "negotiation failed")
  session.greet(conn, address, name)
  return conn
end

function session.greet(conn, address, name)
  name = name or "mail.client.example"
  mt.macro(conn, SMFIC_CONNECT, "j", "mx.local.test", "{daemon_name}", "MTA")
  session.expect(conn, "continue", mt.conninfo(conn, name, address), "connect")
  session.expect(conn, "continue", mt.helo(conn, name), "helo")
end

function session.mail(conn, sender)
  mt.macro(conn, SMFIC_MAIL, "i", "4QYZ1")
  session.expect(conn, "continue", mt.mailfrom(conn, sender, "SIZE=1000"), "mail " .. sender)
end

function session.rcpt(conn, recipient, answer)
  local problem = mt.rcptto(conn, recipient, "NOTIFY=NEVER")
  session.expect(conn, answer, problem, "rcpt " .. recipient)
end

-- The content, of which the filter wants to see nothing, and the end of the message.
function session.finish(conn, answer)
  session.expect(conn, answer, mt.eom(conn), "end of message")
end

-- The header that the filter added, or nil.
function session.header(conn)
  return mt.getheader(conn, "X-Greylist", 0)
end

-- The test moves the filter's clock and says so.
function session.pass_time(seconds)
  io.write("pass ", seconds, "\n")
  io.flush()
  session.check(io.read() == "passed", "the clock was not moved")
end
