// The kinds of entries in an invoice's timeline.

// The order of entries of one moment: it is part of each entry's id, so a number never changes.
export const ORDER = {
  created: 10,
  updated: 12,
  finalized: 20,
  link_created: 30,
  link_failed: 31,
  link_missing: 32,
  link_switched_on: 33,
  mailed: 40,
  mail_failed: 41,
  reminder_mailed: 42,
  mail_held: 43,
  mail_bounced: 44,
  mail_complained: 45,
  overdue: 48,
  processing: 50,
  payment_failed: 51,
  payment_canceled: 52,
  discounted: 59,
  partially_paid: 60,
  paid: 61,
  overpaid: 62,
  receipt_mailed: 63,
  payment_not_counted: 64,
  payment_reversed: 65,
  reopened: 66,
  refund_created: 70,
  refunded: 71,
  refund_failed: 72,
  disputed: 80,
  dispute_updated: 81,
  dispute_closed: 82,
  marked_uncollectible: 90,
  voided: 91,
  link_switched_off: 95,
} as const satisfies Record<string, number>;

export type TimelineKind = keyof typeof ORDER;
export const TIMELINE_KINDS = Object.keys(ORDER) as [TimelineKind, ...TimelineKind[]];
