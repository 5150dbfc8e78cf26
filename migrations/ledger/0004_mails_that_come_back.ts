// Mails that bounced, drew a complaint, are held or remind, and the addresses that mail does not reach. SQLite cannot
// change a CHECK, so the table of mails is made anew.

export const MAILS_THAT_COME_BACK = `
CREATE TABLE mails_anew (
	id text NOT NULL,
	invoice_id text NOT NULL,
	kind text NOT NULL,
	recipient text NOT NULL,
	status text NOT NULL,
	subject text,
	text text,
	html text,
	link_revision integer,
	provider text,
	provider_message_id text,
	error text,
	attempts integer DEFAULT 0 NOT NULL,
	in_doubt integer DEFAULT false NOT NULL,
	claimed_at_ms integer,
	sent_at_ms integer,
	created_at_ms integer NOT NULL,
	updated_at_ms integer NOT NULL,
	PRIMARY KEY(id),
	CONSTRAINT "mails_kind" CHECK(kind IN ('invoice', 'reminder', 'receipt')),
	CONSTRAINT "mails_status" CHECK(status IN ('pending', 'held', 'sending', 'sent', 'unknown', 'failed', 'canceled', 'bounced', 'complained'))
) WITHOUT ROWID;
INSERT INTO mails_anew
	(id, invoice_id, kind, recipient, status, subject, text, html, link_revision, provider, provider_message_id,
	 error, attempts, in_doubt, claimed_at_ms, sent_at_ms, created_at_ms, updated_at_ms)
	SELECT id, invoice_id, kind, recipient, status, subject, text, html, link_revision, provider, provider_message_id,
	 error, attempts, in_doubt, claimed_at_ms, sent_at_ms, created_at_ms, updated_at_ms FROM mails;
DROP TABLE mails;
ALTER TABLE mails_anew RENAME TO mails;
CREATE INDEX mails_by_time ON mails (created_at_ms,id);
CREATE INDEX mails_with_content ON mails (created_at_ms) WHERE html IS NOT NULL;
-- Once its address is reached again, or its customer has another, it goes out.
CREATE INDEX mails_held ON mails (recipient COLLATE NOCASE) WHERE status = 'held';
-- Mail to these came back, or drew a complaint: no more is sent there until somebody says so.
CREATE TABLE held_addresses (
	address text COLLATE NOCASE NOT NULL,
	why text NOT NULL,
	reason text NOT NULL,
	mail_id text NOT NULL,
	created_at_ms integer NOT NULL,
	PRIMARY KEY(address),
	CONSTRAINT "held_addresses_why" CHECK(why IN ('bounced', 'complained'))
) WITHOUT ROWID;
`;
