// Who acted, by name: a person in the dashboard has one beside the id.

export const NAMES_OF_ACTORS = `
ALTER TABLE audit_log ADD COLUMN actor_name text;
ALTER TABLE invoice_timeline ADD COLUMN cause_name text;
`;
