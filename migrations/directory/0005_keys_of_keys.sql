-- Keys that end with the key that made them, what a key may do and from where, and who acted by name.
ALTER TABLE api_keys ADD COLUMN parent_id text;
ALTER TABLE api_keys ADD COLUMN rights text;
ALTER TABLE api_keys ADD COLUMN allowed_addresses text;
CREATE INDEX api_keys_by_parent ON api_keys (environment_id,parent_id) WHERE parent_id IS NOT NULL;
ALTER TABLE audit_log ADD COLUMN actor_name text;
