-- What an environment is called in payment URLs. It follows from the id, so that those which were there before get
-- theirs when one is looked for.
ALTER TABLE environments ADD COLUMN payment_code text;
CREATE UNIQUE INDEX environments_by_payment_code ON environments (payment_code);
