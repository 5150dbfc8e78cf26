// Invoices are found by the beginning of their number, and customers by that of their name.

export const SEARCH = `
CREATE INDEX invoices_by_number ON invoices (number COLLATE NOCASE);
CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE) WHERE deleted_at_ms IS NULL;
`;
