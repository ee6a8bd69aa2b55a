-- What the filter asks for: as little as it needs, and nothing that would change a mail.

local function expect_all(test, is_wanted, flags)
  for _, name in ipairs(flags) do
    local flag = _G[name]
    session.check(flag ~= nil, "miltertest does not know " .. name)
    session.check(test(flag) == is_wanted, name .. " should be " .. tostring(is_wanted))
  end
end

local conn = session.connect()
session.check(mt.negotiate(conn, nil, nil, nil) == nil, "negotiation failed")

local function action(flag)
  return mt.test_action(conn, flag)
end
local function option(flag)
  return mt.test_option(conn, flag)
end

expect_all(action, true, { "SMFIF_ADDHDRS", "SMFIF_SETSYMLIST" })
expect_all(action, false, {
  "SMFIF_CHGBODY", "SMFIF_ADDRCPT", "SMFIF_DELRCPT", "SMFIF_CHGHDRS", "SMFIF_QUARANTINE",
  "SMFIF_CHGFROM", "SMFIF_ADDRCPT_PAR",
})
-- Not wanted at all.
expect_all(option, true, { "SMFIP_NOHDRS", "SMFIP_NOEOH", "SMFIP_NOBODY", "SMFIP_NOUNKNOWN" })
-- Wanted, and answered by silence.
expect_all(option, true, { "SMFIP_NR_CONN", "SMFIP_NR_HELO", "SMFIP_NR_MAIL" })
-- Wanted, and answered.
expect_all(option, false, {
  "SMFIP_NOCONNECT", "SMFIP_NOHELO", "SMFIP_NOMAIL", "SMFIP_NORCPT", "SMFIP_NODATA",
  "SMFIP_NR_RCPT", "SMFIP_NR_DATA", "SMFIP_RCPT_REJ",
})

-- An unknown command and content that were not asked for do no harm.
session.greet(conn, "203.0.113.7")
session.mail(conn, "<joe@client.example>")
session.rcpt(conn, "<user6@local.test>", "replycode")
mt.disconnect(conn)

-- A client of no known family is somebody on the MTA's own machine.
conn = session.connect()
session.check(mt.negotiate(conn, nil, nil, nil) == nil, "second negotiation failed")
session.greet(conn, "unspec")
session.mail(conn, "<joe@client.example>")
session.rcpt(conn, "<user6@local.test>", "continue")
session.finish(conn, "continue")
mt.disconnect(conn)
