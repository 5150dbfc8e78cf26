// When the alarm looks at an open invoice next because of its due date: to remind, or because it is overdue. It is found
// along an index that has those invoices alone, and being paid writes nothing there. Those that are open already are
// planned by the alarm, a slice at a time.

export const DUE_DATES = `
ALTER TABLE invoices ADD COLUMN due_check_at_ms integer;
CREATE INDEX invoices_to_check ON invoices (due_check_at_ms) WHERE due_check_at_ms IS NOT NULL;
-- Up to which open invoice due dates were planned anew, as [ms, id]; empty: none yet; null: all are.
ALTER TABLE environment ADD COLUMN planned_up_to text;
UPDATE environment SET planned_up_to = '';
`;
