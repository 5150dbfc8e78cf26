// Whether the caller asked for an invoice's mail or the settings did. Whoever had asked for what is still to be
// mailed was the caller: until now that was the default.

export const MAIL_BY_DEFAULT = `
ALTER TABLE invoices ADD COLUMN is_mail_asked integer DEFAULT 0 NOT NULL;
UPDATE invoices SET is_mail_asked = 1 WHERE status IN ('draft', 'open') AND status <> 'paid' AND send_email = 1;
`;
