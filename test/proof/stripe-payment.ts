// One payment's life in a Stripe account, second by second: what it is in the end, and every event on the way.

import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { event, oldEvent } from "../webhooks/payloads/event.ts";
import type { DisputePlan, PaymentPlan, Random } from "./history.ts";
import { book, isLost } from "./stripe-disputes.ts";
import {
  BEGINNING,
  chargeObject,
  type DisputeState,
  disputeObject,
  type FinalPayment,
  freeSessionObject,
  intentObject,
  linkObject,
  type Payment,
  type RefundState,
  refundObject,
  sessionObject,
} from "./stripe-objects.ts";

type Metadata = Record<string, string>;

const NOT_BEFORE_2022 = "2020-08-27";

export class PaymentStage {
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
