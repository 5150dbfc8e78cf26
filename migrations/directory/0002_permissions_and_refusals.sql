ALTER TABLE connections ADD COLUMN missing_permissions text;
ALTER TABLE connections ADD COLUMN refused text;
ALTER TABLE connections ADD COLUMN refused_since_ms integer;
CREATE INDEX connections_refusing ON connections (refused_since_ms) WHERE refused_since_ms IS NOT NULL;
