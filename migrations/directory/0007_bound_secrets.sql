-- Secrets that were sealed before their version was part of the seal: cron seals them again, and the index empties.
CREATE INDEX secrets_unbound ON secrets (environment_id,owner_id,field,version) WHERE substr(ciphertext, 1, 2) <> '2.';
