// What an environment may use, where it is not the default, and how much of it the day's events have used.

export const BUDGETS = `
ALTER TABLE environment ADD COLUMN budgets text NOT NULL DEFAULT '{}';
ALTER TABLE webhook_event_marks ADD COLUMN day_ends_at_ms integer NOT NULL DEFAULT 0;
ALTER TABLE webhook_event_marks ADD COLUMN day_events integer NOT NULL DEFAULT 0;
ALTER TABLE webhook_event_marks ADD COLUMN day_bytes integer NOT NULL DEFAULT 0;
ALTER TABLE webhook_event_marks ADD COLUMN budget_marks text NOT NULL DEFAULT '{}';
`;
