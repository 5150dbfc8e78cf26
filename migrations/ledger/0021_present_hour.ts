// The money of the present hour of a currency lies beside its counts of invoices, since a payment changes both: one
// row in place of two. What read the hours reads them as before.

const SUMS = ["paid_count", "paid_sum", "failed_count", "failed_sum", "refunded_count", "refunded_sum"];

export const PRESENT_HOUR = `
ALTER TABLE hourly_money RENAME TO past_money_hours;
ALTER TABLE invoice_counts RENAME TO currency_counts;
ALTER TABLE currency_counts ADD COLUMN hour_ms integer NOT NULL DEFAULT 0;
${SUMS.map((name) => `ALTER TABLE currency_counts ADD COLUMN hour_${name} integer NOT NULL DEFAULT 0;`).join("\n")}
CREATE VIEW hourly_money AS
	SELECT hour_ms, currency, ${SUMS.join(", ")} FROM past_money_hours
	UNION ALL
	SELECT hour_ms, currency, ${SUMS.map((name) => `hour_${name}`).join(", ")} FROM currency_counts WHERE hour_ms > 0;
`;
