// Plays a history in a Stripe account: the objects as they are in the end, and every event that Stripe would
// have sent on the way, each with its object as it was then.

import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { event, oldEvent } from "../webhooks/payloads/event.ts";
import { type DisputePlan, type History, type PaymentPlan, type Random, randomOf } from "./history.ts";
import {
  chargeObject,
  type DisputeState,
  disputeObject,
  freeSessionObject,
  intentObject,
  linkObject,
  type Payment,
  type RefundState,
  refundObject,
  sessionObject,
} from "./stripe-objects.ts";

/** A payment as Stripe has it in the end. Amounts in minor units, times in seconds. */
export type FinalPayment = {
  id: string;
  currency: string;
  amount: number;
  status: "processing" | "succeeded" | "failed" | "canceled";
  reason: string | null;
  succeededAt: number | null;
  chargeId: string | null;
  /** Whether anything that Stripe sent says whose payment it is. */
  known: boolean;
  /** What a code took off. */
  discount: number;
  refunds: RefundState[];
  disputes: (DisputeState & { lostAt: number | null })[];
};

export type Played = { payments: FinalPayment[]; events: StripeEventShape[] };
type Metadata = Record<string, string>;

/** Seconds. */
export const BEGINNING = 1_780_000_000;
const NOT_BEFORE_2022 = "2020-08-27";

/** @param name makes every id of it its own */
export function play(name: string, history: History, metadata: Metadata): Played {
  const random = randomOf(history.seed);
  const played: Played = { payments: [], events: [] };
  if (history.switchedOff) {
    const off = linkObject(`plink_${name}`, metadata, 0);
    const created = BEGINNING + random.upTo(300);
    played.events.push({ ...event("payment_link.updated", off, { created }), id: `evt_${name}off` });
  }
  history.payments.forEach((plan, index) => {
    const stage = new Stage(
      `${name}p${index}`,
      `plink_${name}`,
      { plan, due: history.due },
      metadata,
      random,
    );
    const final = stage.play();
    if (final) played.payments.push(final);
    played.events.push(...stage.events);
  });
  return played;
}

/** One payment's life, second by second. */
class Stage {
  readonly events: StripeEventShape[] = [];
  readonly #name: string;
  readonly #plan: PaymentPlan;
  readonly #payment: Payment;
  readonly #random: Random;
  readonly #due: number;
  #now: number;
  #told = false;

  constructor(
    name: string,
    linkId: string,
    { plan, due }: { plan: PaymentPlan; due: number },
    metadata: Metadata,
    random: Random,
  ) {
    this.#name = name;
    this.#due = due;
    this.#plan = plan;
    const ours = plan.named === "by_metadata" ? metadata : {};
    this.#payment = { name, linkId, plan, metadata: ours };
    this.#random = random;
    this.#now = BEGINNING + random.upTo(100);
  }

  play(): FinalPayment | null {
    let final: FinalPayment | null = null;
    // A session over nothing has no intent, and so no attempts.
    const attempts = this.#plan.end === "for_nothing" ? [] : this.#plan.attempts;
    attempts.forEach((attempt, index) => {
      final = this.#fail(attempt, `code_${index}`, `ch_${this.#name}a${index}`);
    });
    final = this.#end() ?? final;
    if (final?.status === "succeeded" && final.amount > 0) {
      this.#plan.refunds.forEach((refund, index) => {
        final?.refunds.push(this.#refund(refund, `re_${this.#name}r${index}`, final.refunds));
      });
      this.#plan.disputes.forEach((dispute, index) => {
        final?.disputes.push(this.#dispute(dispute, `du_${this.#name}d${index}`));
      });
    }
    return final && { ...final, known: this.#plan.named === "by_metadata" || this.#told };
  }

  #fail(attempt: PaymentPlan["attempts"][number], code: string, chargeId: string): FinalPayment {
    this.#wait(1, 20);
    if (attempt === "bank_debit_failed") this.#begin();
    const error = { code: "card_declined", decline_code: code, message: `It failed: ${code}.` };
    this.#intent(
      "payment_intent.payment_failed",
      { amount_received: 0, last_payment_error: error },
      chargeId,
    );
    if (attempt === "bank_debit_failed") {
      this.#wait(0, 1);
      this.#session("checkout.session.async_payment_failed", "unpaid");
    }
    return this.#final("failed", code, chargeId);
  }

  #end(): FinalPayment | null {
    const chargeId = `ch_${this.#name}`;
    this.#wait(1, 20);
    switch (this.#plan.end) {
      case "given_up":
        return null;
      case "canceled":
        this.#intent(
          "payment_intent.canceled",
          { amount_received: 0, cancellation_reason: "abandoned" },
          null,
        );
        return this.#final("canceled", "abandoned", null);
      case "processing":
        this.#begin();
        return this.#final("processing", null, null);
      case "bank_debit_paid":
        this.#begin();
        return this.#succeed("checkout.session.async_payment_succeeded", chargeId);
      case "paid":
        return this.#succeed("checkout.session.completed", chargeId);
      case "for_nothing":
        this.#told = true;
        this.#emit("checkout.session.completed", freeSessionObject(this.#payment, this.#due));
        return {
          ...this.#final("succeeded", null, null),
          ...{ id: `cs_${this.#name}`, amount: 0, discount: this.#due, succeededAt: this.#now },
        };
    }
  }

  /** A slow payment is begun: the page is completed, the money is not there. */
  #begin(): void {
    this.#intent("payment_intent.processing", { amount_received: 0 }, null);
    this.#session("checkout.session.completed", "unpaid");
    this.#wait(2, 40);
  }

  #succeed(sessionEvent: string, chargeId: string): FinalPayment {
    const at = this.#now;
    const tell = [
      () =>
        this.#intent(
          "payment_intent.succeeded",
          { last_payment_error: { code: "of_an_earlier_try" } },
          chargeId,
        ),
      () => this.#emit("charge.succeeded", chargeObject(this.#payment, chargeId)),
      () => this.#session(sessionEvent, "paid"),
    ];
    for (const one of this.#random.shuffle(tell)) {
      one();
      this.#wait(0, 1);
    }
    return { ...this.#final("succeeded", null, chargeId), succeededAt: at, discount: this.#plan.discount };
  }

  #refund(
    { amount, path }: PaymentPlan["refunds"][number],
    id: string,
    before: FinalPayment["refunds"],
  ): FinalPayment["refunds"][number] {
    let succeededAt: number | null = null;
    const refundAs = (status: string): RefundState => {
      const failureReason = status === "failed" ? "expired_or_canceled_card" : null;
      return { id, amount, status, failureReason, succeededAt };
    };
    const show = (refund: RefundState) => refundObject(this.#payment, refund);
    path.forEach((status, index) => {
      this.#wait(index === 0 ? 1 : 0, 30);
      if (status === "succeeded") succeededAt ??= this.#now;
      const refund = refundAs(status);
      if (!this.#plan.old) {
        this.#emit(index === 0 ? "refund.created" : "refund.updated", show(refund));
        if (status === "failed") this.#emit("refund.failed", show(refund));
      }
      if (index > 0) this.#emit("charge.refund.updated", show(refund));
      const all = this.#plan.old ? [...before, refund].map(show) : undefined;
      if (index === 0) this.#emit("charge.refunded", chargeObject(this.#payment, `ch_${this.#name}`, all));
    });
    return refundAs(path.at(-1) ?? "pending");
  }

  #dispute({ path, amount, booked: told }: DisputePlan, id: string): FinalPayment["disputes"][number] {
    const dueAt = this.#now + 1_000_000;
    const booked: number[] = [];
    let lostAt: number | null = null;
    const dispute = (status: string, balance: readonly number[]): DisputeState => ({
      ...{ id, amount, status, booked: [...balance] },
      ...{ createdAt: dueAt - 1_000_000, dueAt },
    });
    path.forEach((status, index) => {
      // States may follow within one second, but no appeal is decided in the second in which it began.
      const decided = path[index - 1]?.startsWith("appeal");
      this.#wait(index === 0 || decided ? 1 : 0, 30);
      const before = [...booked];
      if (told !== "not_told") book(booked, { status, amount, told, isLast: index === path.length - 1 });
      const present = dispute(status, booked);
      if (isLost(present)) lostAt ??= this.#now;
      const closed = ["won", "lost", "warning_closed", "prevented"].includes(status);
      const isNew = status === "needs_response";
      // What is withdrawn is told by an event of its own.
      const shown = isNew ? dispute(status, before) : present;
      this.#emit(
        `charge.dispute.${index === 0 ? "created" : closed ? "closed" : "updated"}`,
        disputeObject(this.#payment, shown),
      );
      if (isNew) this.#emit("charge.dispute.funds_withdrawn", disputeObject(this.#payment, present));
      if (status === "won")
        this.#emit("charge.dispute.funds_reinstated", disputeObject(this.#payment, present));
    });
    return { ...dispute(path.at(-1) ?? "", booked), lostAt };
  }

  #intent(type: string, state: Record<string, unknown>, chargeId: string | null): void {
    this.#emit(type, intentObject(this.#payment, state, chargeId));
  }

  #session(type: string, paymentStatus: string): void {
    this.#told = true;
    this.#emit(type, sessionObject(this.#payment, paymentStatus));
    // Of a link that has taken its payment Stripe says so, before or after it tells of the payment.
    if (this.#random.upTo(1) === 0)
      this.#emit("payment_link.updated", linkObject(this.#payment.linkId, this.#payment.metadata, 1));
  }

  #emit(type: string, object: unknown): void {
    const id = `evt_${this.#name}e${this.events.length}`;
    const made = this.#plan.old
      ? oldEvent(type, object, NOT_BEFORE_2022, this.#now)
      : event(type, object, { created: this.#now });
    this.events.push(structuredClone({ ...made, id }));
  }

  #final(status: FinalPayment["status"], reason: string | null, chargeId: string | null): FinalPayment {
    const { currency, amount } = this.#plan;
    const id = `pi_${this.#name}`;
    return {
      id,
      currency,
      amount,
      status,
      reason,
      chargeId,
      succeededAt: null,
      discount: 0,
      known: true,
      refunds: [],
      disputes: [],
    };
  }

  #wait(least: number, most: number): void {
    this.#now += least + this.#random.upTo(most - least);
  }
}

const HELD = ["needs_response", "under_review", "lost", "appeal_needs_response", "appeal_under_review"];

/** What a status adds to a dispute's balance transactions. */
function book(
  booked: number[],
  { status, amount, told, isLast }: { status: string; amount: number; told: string; isLast: boolean },
): void {
  if (HELD.includes(status) && booked.length === 0) booked.push(-amount);
  if (status === "won" && booked.length > 0) booked.push(told === "all" ? amount : Math.ceil(amount / 2));
  if (status === "lost" && told === "part" && isLast) booked.push(Math.floor(amount / 3));
}

/** What a dispute has of its payment. */
export function taken({ amount, status, booked }: DisputeState): number {
  const balance = booked.reduce((total, one) => total - one, 0);
  const isHeld = HELD.includes(status);
  if (booked.length === 0) return isHeld ? amount : 0;
  return isHeld || booked.some((one) => one > 0) ? Math.max(balance, 0) : 0;
}

/** Whether that is gone for good. */
export function isLost(dispute: DisputeState): boolean {
  return !["needs_response", "under_review"].includes(dispute.status) && taken(dispute) > 0;
}
