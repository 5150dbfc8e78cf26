// An event names the last of its deliveries, and counts those before. Null: as many as are named.

export const COUNTED_DELIVERIES = `
ALTER TABLE webhook_events ADD COLUMN deliveries integer;
`;
