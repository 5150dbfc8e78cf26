// Events that wait for their environment's next turn, as their messages were.

export const PARKED_EVENTS = `
CREATE TABLE parked_events (
	id text PRIMARY KEY NOT NULL,
	message text NOT NULL,
	parked_at_ms integer NOT NULL
) WITHOUT ROWID;
CREATE INDEX parked_events_by_time ON parked_events (parked_at_ms, id);
`;
