// The ledger's migrations in their order. What was released is never changed: what is new is a file of its own.

import { FIRST_TABLES } from "./0001_first_tables.ts";
import { PRICE_ALIASES } from "./0002_price_aliases.ts";
import { MAIL_BY_DEFAULT } from "./0003_mail_by_default.ts";
import { MAILS_THAT_COME_BACK } from "./0004_mails_that_come_back.ts";
import { SETTLING } from "./0005_settling.ts";
import { PAYMENTS_OF_THEIR_OWN } from "./0006_payments_of_their_own.ts";
import { addPaymentTokens } from "./0007_payment_tokens.ts";
import { SUBSCRIPTION_INVOICES } from "./0008_subscription_invoices.ts";
import { REFUNDS_BY_HAND } from "./0009_refunds_by_hand.ts";
import { DUE_DATES } from "./0010_due_dates.ts";
import { LAST_WEBHOOK } from "./0011_last_webhook.ts";
import { CUSTOMER_RUNS } from "./0012_customer_runs.ts";
import { COUNTED_DELIVERIES } from "./0013_counted_deliveries.ts";
import { NAMES_OF_ACTORS } from "./0014_names_of_actors.ts";
import { MAIL_COUNTS } from "./0015_mail_counts.ts";
import { SEARCH } from "./0016_search.ts";
import { PARKED_EVENTS } from "./0017_parked_events.ts";
import { BUDGETS } from "./0018_budgets.ts";
import { MAILS_WAIT } from "./0019_mails_wait.ts";
import { INVOICE_EVENT_TIMES } from "./0020_invoice_event_times.ts";
import { PRESENT_HOUR } from "./0021_present_hour.ts";

/** Statements, or what SQL alone cannot do. */
export type Migration = string | ((sql: SqlStorage) => void);

export const LEDGER_MIGRATIONS: readonly Migration[] = [
  FIRST_TABLES,
  PRICE_ALIASES,
  MAIL_BY_DEFAULT,
  MAILS_THAT_COME_BACK,
  SETTLING,
  PAYMENTS_OF_THEIR_OWN,
  addPaymentTokens,
  SUBSCRIPTION_INVOICES,
  REFUNDS_BY_HAND,
  DUE_DATES,
  LAST_WEBHOOK,
  CUSTOMER_RUNS,
  COUNTED_DELIVERIES,
  NAMES_OF_ACTORS,
  MAIL_COUNTS,
  SEARCH,
  PARKED_EVENTS,
  BUDGETS,
  MAILS_WAIT,
  INVOICE_EVENT_TIMES,
  PRESENT_HOUR,
];
