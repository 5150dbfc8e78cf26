// The events of an invoice are found by when they came: an index of them was a row for each.

export const INVOICE_EVENT_TIMES = `
CREATE TABLE invoice_event_times (
	invoice_id text NOT NULL,
	-- Ten seconds from then on.
	from_ms integer NOT NULL,
	PRIMARY KEY(invoice_id, from_ms)
) WITHOUT ROWID;
INSERT OR IGNORE INTO invoice_event_times (invoice_id, from_ms)
	SELECT invoice_id, seq / 1000 - seq / 1000 % 10000 FROM webhook_events WHERE invoice_id IS NOT NULL;
DROP INDEX webhook_events_by_invoice;
`;
