// Refunds of payments that were recorded by hand: how the money went back, and what the platform calls it.

export const REFUNDS_BY_HAND = `
ALTER TABLE refunds ADD COLUMN method text;
ALTER TABLE refunds ADD COLUMN reference text;
`;
