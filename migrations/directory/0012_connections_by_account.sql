-- Who else is connected to an account is looked up with each consent to Stripe Connect.
CREATE INDEX connections_by_account ON connections (account_id,livemode) WHERE disconnected_at_ms IS NULL;
