-- What else a ledger tells of itself, and lists of all environments, those with most to see to first.
ALTER TABLE pulses ADD COLUMN last_webhook_at_ms integer;
ALTER TABLE pulses ADD COLUMN events_day integer NOT NULL DEFAULT 0;
ALTER TABLE pulses ADD COLUMN payments_day integer NOT NULL DEFAULT 0;
CREATE INDEX pulses_in_trouble ON pulses (dead_events + dead_work + failed_deliveries + failing_destinations + (bytes > 7000000000)) WHERE dead_events + dead_work + failed_deliveries + failing_destinations + (bytes > 7000000000) > 0;
CREATE INDEX connections_in_error ON connections (environment_id) WHERE error_detail IS NOT NULL AND disconnected_at_ms IS NULL;
CREATE INDEX environments_by_time ON environments (created_at_ms,id);
CREATE INDEX tenants_by_time ON tenants (created_at_ms,id);
