-- What else a ledger tells of itself: why it cannot be used, budgets that are near their end, mails that wait for a cap.
ALTER TABLE pulses ADD COLUMN ledger_error text;
ALTER TABLE pulses ADD COLUMN budgets text NOT NULL DEFAULT '{}';
ALTER TABLE pulses ADD COLUMN mails_wait_until_ms integer;
CREATE INDEX pulses_not_usable ON pulses (environment_id) WHERE ledger_error IS NOT NULL;
CREATE INDEX pulses_near_budget ON pulses (environment_id) WHERE budgets <> '{}';
