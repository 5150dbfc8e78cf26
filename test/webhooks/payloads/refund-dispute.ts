import { CREATED, OUR_METADATA } from "./event.ts";

/** A refund as API 2026-10-28 sends it. */
export function newRefund(overrides: Record<string, unknown> = {}) {
  return {
    id: "re_3SQh0aKb3xW9tLm41kZp",
    object: "refund",
    amount: 2900,
    balance_transaction: "txn_3SQh0aKb",
    charge: "ch_3SQh0aKb3xW9tLm41pWn",
    created: CREATED - 5,
    currency: "eur",
    customer: "cus_T9w2Lr",
    customer_account: null,
    destination_details: { card: { reference_status: "pending", type: "refund" }, type: "card" },
    metadata: { ...OUR_METADATA },
    payment_intent: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
    payment_method: "pm_1SQh0Z",
    reason: "requested_by_customer",
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
    ...overrides,
  };
}

/** A refund of API 2015-01-26: no status, no intent. */
export function firstRefund(overrides: Record<string, unknown> = {}) {
  return {
    id: "re_15PUDuFFXWzhX9",
    amount: 2900,
    currency: "eur",
    created: 1_422_500_090,
    object: "refund",
    balance_transaction: "txn_15PUDuFF",
    metadata: {},
    charge: "ch_15PUCSFFXWzhX9",
    receipt_number: null,
    reason: null,
    ...overrides,
  };
}

/** A dispute as API 2026-10-28 sends it. */
export function newDispute(overrides: Record<string, unknown> = {}) {
  return {
    id: "du_1SQhQ2Kb3xW9tLm4",
    object: "dispute",
    amount: 12_900,
    balance_transactions: [],
    charge: "ch_3SQh0aKb3xW9tLm41pWn",
    created: CREATED - 10,
    currency: "eur",
    enhanced_eligibility_types: [],
    evidence: { customer_email_address: "ada@example.com", enhanced_evidence: {}, appeal: null },
    evidence_details: {
      due_by: CREATED + 604_800,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: { ...OUR_METADATA },
    payment_intent: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
    payment_method_details: { card: { brand: "visa", network_reason_code: "10.4" }, type: "card" },
    reason: "fraudulent",
    status: "needs_response",
    ...overrides,
  };
}

/** A dispute of API 2015-01-26: no intent, and the charge is all that names the payment. */
export function firstDispute(overrides: Record<string, unknown> = {}) {
  return {
    id: "dp_15RsQX2eZvKYlo2C",
    charge: "ch_15PUCSFFXWzhX9",
    amount: 12_900,
    created: 1_422_600_000,
    status: "needs_response",
    livemode: false,
    currency: "eur",
    object: "dispute",
    reason: "general",
    is_charge_refundable: false,
    balance_transactions: [],
    evidence_details: { due_by: 1_423_699_199, past_due: false, has_evidence: false, submission_count: 0 },
    evidence: { customer_name: null, uncategorized_text: null },
    metadata: {},
    ...overrides,
  };
}
