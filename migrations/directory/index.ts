// The directory's migrations in their order, by the names under which wrangler notes them as applied.

export const DIRECTORY_MIGRATIONS: readonly string[] = [
  "0001_first_tables.sql",
  "0002_permissions_and_refusals.sql",
  "0003_payment_codes.sql",
  "0004_stripe_connect.sql",
  "0005_keys_of_keys.sql",
  "0006_connect_counts.sql",
  "0007_bound_secrets.sql",
  "0008_sessions.sql",
  "0009_operator_alerts.sql",
  "0010_standing.sql",
  "0011_faults_and_budgets.sql",
  "0012_connections_by_account.sql",
];
