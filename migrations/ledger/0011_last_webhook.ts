// When Stripe last sent an event here, apart from events that were fetched.

export const LAST_WEBHOOK = `
ALTER TABLE webhook_event_marks ADD COLUMN last_webhook_at_ms integer;
UPDATE webhook_event_marks SET last_webhook_at_ms =
  (SELECT received_at_ms FROM webhook_events WHERE source = 'webhook' ORDER BY seq DESC LIMIT 1);
`;
