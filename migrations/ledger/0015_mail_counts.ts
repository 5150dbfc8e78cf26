// How many mails went, by invoice, address and environment, while their caps count them.

export const MAIL_COUNTS = `
CREATE TABLE mail_counts (
  name text PRIMARY KEY NOT NULL,
  since_ms integer NOT NULL,
  count integer NOT NULL
) WITHOUT ROWID;
`;
