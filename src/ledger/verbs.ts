// Everything that a ledger can be asked, by name. Each is `verb(book, input)`, synchronous, and one transaction.
// The type of the client follows from these two lists.

import { readAttention } from "./attention/read-attention.ts";
import { writeAudit } from "./audit.ts";
import type { Book } from "./book.ts";
import { changeBudgets } from "./budgets/change-budgets.ts";
import { admitEvents } from "./budgets/count-admitted.ts";
import { readBudgets } from "./budgets/read-budgets.ts";
import { claimCall, findAnswer, keepAnswer, releaseCall } from "./calls/answers.ts";
import { findCheckoutSession } from "./checkout/find-checkout-session.ts";
import { addCheckoutSession, noteCheckoutSession } from "./checkout/make-checkout-session.ts";
import {
  findPriceAlias,
  listPriceAliases,
  readCheckoutRules,
  removePriceAlias,
  setPriceAlias,
} from "./checkout/price-aliases.ts";
import { listCheckoutSessions, readCheckoutSession } from "./checkout/read-checkout-sessions.ts";
import { narrowConnection } from "./connection/keep-connection.ts";
import { changeCustomer } from "./customers/change-customer.ts";
import { createCustomer } from "./customers/create-customer.ts";
import {
  findCustomerNames,
  findCustomerRow,
  getCustomer,
  listCustomers,
  requireCustomer,
} from "./customers/read-customers.ts";
import { customersToCount, takeInPage } from "./customers/run-customers.ts";
import { findCustomerRun, startCustomerRun } from "./customers/start-run.ts";
import {
  beginStripeCustomer,
  endStripeCreation,
  failStripeCustomer,
  forgetStripeCustomer,
  keepStripeCustomer,
} from "./customers/stripe-creation.ts";
import { concludeSync } from "./customers/sync-customer.ts";
import { countLost } from "./erasure/count-lost.ts";
import { deleteCustomer } from "./erasure/delete-customer.ts";
import { findOpenEnds } from "./erasure/open-ends.ts";
import { readCustomerCost } from "./erasure/what-deleting-costs.ts";
import { applyEvents, endEvent, killEvent } from "./events/apply-events.ts";
import { beginReplay, endReplay } from "./events/begin-replay.ts";
import { concludeParked } from "./events/conclude-parked.ts";
import { dismissEvent, dismissEvents } from "./events/dismiss-events.ts";
import { findPayload, keepPayload } from "./events/event-row.ts";
import { parkEvents } from "./events/park-events.ts";
import {
  findLastArrivals,
  findWebhookEvent,
  listChangingEvents,
  listWebhookEvents,
} from "./events/read-events.ts";
import { findKnownEvents, listSetAsideEvents } from "./events/set-aside-events.ts";
import { countInvoices } from "./invoices/count-invoices.ts";
import { createInvoice } from "./invoices/create-invoice.ts";
import { concludePaymentLink, renewLinkKey } from "./invoices/create-payment-link.ts";
import { concludeDeactivation } from "./invoices/deactivate-payment-link.ts";
import { deleteDraft } from "./invoices/delete-draft.ts";
import { finalizeInvoice } from "./invoices/finalize-invoice.ts";
import { findPaymentPage } from "./invoices/find-payment-page.ts";
import { switchOffAllLinks } from "./invoices/link-life.ts";
import { makeMissingLinks } from "./invoices/make-missing-links.ts";
import { isAnyLinkOlder } from "./invoices/older-links.ts";
import { noteChecks, takeQuietLinks } from "./invoices/quiet-links.ts";
import { findInvoiceNumbers, getInvoice, listEarlierLinks, listInvoices } from "./invoices/read-invoices.ts";
import { readOverdue } from "./invoices/read-overdue.ts";
import { reopenInvoice } from "./invoices/reopen-invoice.ts";
import { replacePaymentLink } from "./invoices/replace-payment-link.ts";
import { listTimeline } from "./invoices/timeline.ts";
import { updateInvoice } from "./invoices/update-invoice.ts";
import { markUncollectible, voidInvoice } from "./invoices/withdraw-invoice.ts";
import { listAuditLog } from "./list-audit-log.ts";
import { readHold, readHoldOfCustomer } from "./mails/held-addresses.ts";
import { listMails, readMail } from "./mails/read-mails.ts";
import { recordMailReport } from "./mails/record-mail-report.ts";
import { requestMail, resendMail } from "./mails/request-mail.ts";
import { beginMail, concludeMail, reopenMail } from "./mails/send-mail.ts";
import {
  insertDestination,
  removeDestination,
  updateDestination,
} from "./notifications/change-destinations.ts";
import { claimDelivery } from "./notifications/claim-delivery.ts";
import { concludeDelivery, postponeDelivery } from "./notifications/conclude-delivery.ts";
import { concludeTest } from "./notifications/conclude-test.ts";
import { getDestinationView, listDestinationViews } from "./notifications/destination-view.ts";
import { findDestination, getDestination, listDestinations } from "./notifications/destinations.ts";
import { countFailedDeliveries, restartFailed } from "./notifications/recover-deliveries.ts";
import { retryDelivery } from "./notifications/retry-delivery.ts";
import { findDelivery, listDeliveries } from "./notifications/show-deliveries.ts";
import { concludeRefund, dropRefund, leaveRefundInDoubt } from "./payments/conclude-refund.ts";
import { findPayment, findSettledSessions, listPayments } from "./payments/read-payments.ts";
import {
  findDispute,
  findRefund,
  listDisputes,
  listDueDisputes,
  listRefunds,
  listRefundsOf,
} from "./payments/read-refunds.ts";
import { recordManualPayment } from "./payments/record-manual-payment.ts";
import { recordManualRefund } from "./payments/record-manual-refund.ts";
import { checkRefundable, dropRefundInDoubt, reserveRefund } from "./payments/reserve-refund.ts";
import { reversePayment } from "./payments/reverse-payment.ts";
import { readGauges } from "./pulse/read-gauges.ts";
import { type ManyReads, readTogether } from "./read-many.ts";
import { findReconciliation } from "./reconciliation/reconciliation-row.ts";
import { requestReconciliation } from "./reconciliation/request-reconciliation.ts";
import { noteReconciliation } from "./reconciliation/run.ts";
import { search } from "./search/search.ts";
import { changeSettings, readSettings } from "./settings/settings.ts";
import { readStats } from "./stats/read-stats.ts";
import { mirrorSubscription } from "./subscriptions/mirror-subscription.ts";
import { noteSubscription } from "./subscriptions/note-subscription.ts";
import {
  findSubscriptionInvoice,
  listSubscriptionInvoices,
} from "./subscriptions/read-subscription-invoices.ts";
import { findSubscription, listSubscriptions } from "./subscriptions/read-subscriptions.ts";
import { listSubscriptionsAtRisk, readSubscriptionAtRisk } from "./subscriptions/subscriptions-at-risk.ts";
import { changeConnection, wakeWork } from "./work/change-connection.ts";
import { claimWork } from "./work/claim-work.ts";
import { continueWork, failWork, finishWork } from "./work/conclude-work.ts";
import { dismissWork, retryWork } from "./work/retry-work.ts";
import { startCustomerSync } from "./work/start-customer-sync.ts";
import { findWork, listStuckWork } from "./work/stuck-work.ts";

/** They change nothing, so the client may ask once more when an answer was lost. */
export const READS = {
  readAttention,
  readBudgets,
  findAnswer,
  search,
  readStats,
  countLost,
  findOpenEnds,
  listAuditLog,
  findKnownEvents,
  findLastArrivals,
  findPayload,
  findReconciliation,
  findWebhookEvent,
  listChangingEvents,
  listSetAsideEvents,
  listWebhookEvents,
  findCheckoutSession,
  listCheckoutSessions,
  readCheckoutSession,
  findPriceAlias,
  listPriceAliases,
  readCheckoutRules,
  findCustomerNames,
  findCustomerRow,
  findCustomerRun,
  customersToCount,
  getCustomer,
  listCustomers,
  requireCustomer,
  findSubscription,
  listSubscriptions,
  listSubscriptionsAtRisk,
  readSubscriptionAtRisk,
  findSubscriptionInvoice,
  listSubscriptionInvoices,
  listMails,
  readMail,
  readHold,
  readHoldOfCustomer,
  readCustomerCost,
  countInvoices,
  readOverdue,
  findInvoiceNumbers,
  findPaymentPage,
  getInvoice,
  isAnyLinkOlder,
  listEarlierLinks,
  listInvoices,
  listTimeline,
  readGauges,
  findSettledSessions,
  findPayment,
  listPayments,
  findRefund,
  listRefunds,
  listRefundsOf,
  checkRefundable,
  findDispute,
  listDisputes,
  listDueDisputes,
  readSettings,
  listStuckWork,
  findWork,
  findDestination,
  getDestination,
  listDestinations,
  getDestinationView,
  listDestinationViews,
  findDelivery,
  listDeliveries,
  countFailedDeliveries,
};

/** Whoever repeats one of these says by its input that it is the same again. */
export const WRITES = {
  writeAudit,
  claimCall,
  keepAnswer,
  releaseCall,
  addCheckoutSession,
  noteCheckoutSession,
  setPriceAlias,
  removePriceAlias,
  createCustomer,
  changeCustomer,
  deleteCustomer,
  applyEvents,
  beginReplay,
  endReplay,
  endEvent,
  dismissEvent,
  dismissEvents,
  keepPayload,
  parkEvents,
  concludeParked,
  killEvent,
  mirrorSubscription,
  noteSubscription,
  changeConnection,
  wakeWork,
  narrowConnection,
  changeSettings,
  insertDestination,
  updateDestination,
  removeDestination,
  claimDelivery,
  concludeDelivery,
  postponeDelivery,
  concludeTest,
  retryDelivery,
  restartFailed,
  claimWork,
  finishWork,
  continueWork,
  failWork,
  admitEvents,
  changeBudgets,
  createInvoice,
  updateInvoice,
  finalizeInvoice,
  voidInvoice,
  markUncollectible,
  reopenInvoice,
  deleteDraft,
  makeMissingLinks,
  replacePaymentLink,
  switchOffAllLinks,
  recordManualPayment,
  reversePayment,
  recordManualRefund,
  reserveRefund,
  concludeRefund,
  dropRefund,
  leaveRefundInDoubt,
  dropRefundInDoubt,
  concludePaymentLink,
  renewLinkKey,
  concludeDeactivation,
  beginStripeCustomer,
  endStripeCreation,
  failStripeCustomer,
  keepStripeCustomer,
  forgetStripeCustomer,
  concludeSync,
  startCustomerSync,
  startCustomerRun,
  takeInPage,
  requestReconciliation,
  noteReconciliation,
  takeQuietLinks,
  noteChecks,
  requestMail,
  resendMail,
  recordMailReport,
  beginMail,
  reopenMail,
  concludeMail,
  retryWork,
  dismissWork,
};

/** Several of the reads at once. */
function readMany(book: Book, input: { reads: ManyReads }) {
  return readTogether(book, input, READS);
}

export const VERBS = { ...READS, ...WRITES, readMany };

export type Verbs = typeof VERBS;
export type VerbName = keyof Verbs;
export type ReadName = keyof typeof READS;
export type Input<Name extends VerbName> = Parameters<Verbs[Name]>[1];
export type Output<Name extends VerbName> = ReturnType<Verbs[Name]>;
export type Verb = (book: Book, input: never) => unknown;

// A verb that waits does not compile: the transaction would be over before it wrote.
type Waiting = { [Name in VerbName]: Output<Name> extends PromiseLike<unknown> ? Name : never }[VerbName];
true satisfies [Waiting] extends [never] ? true : false;
