// Plays a history in a Stripe account: the objects as they are in the end, and every event that Stripe would
// have sent on the way, each with its object as it was then.

import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { event, oldEvent } from "../webhooks/payloads/event.ts";
import { type History, type PaymentPlan, type Random, randomOf } from "./history.ts";
import {
  chargeObject,
  disputeObject,
  intentObject,
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
  refunds: RefundState[];
  disputes: { id: string; amount: number; status: string; dueAt: number }[];
};

export type Played = { payments: FinalPayment[]; events: StripeEventShape[] };
type Metadata = Record<string, string>;

const BEGINNING = 1_780_000_000;
const NOT_BEFORE_2022 = "2020-08-27";

/** @param name makes every id of it its own */
export function play(name: string, history: History, metadata: Metadata): Played {
  const random = randomOf(history.seed);
  const played: Played = { payments: [], events: [] };
  history.payments.forEach((plan, index) => {
    const stage = new Stage(`${name}p${index}`, `plink_${name}`, plan, metadata, random);
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
  #now: number;
  #told = false;

  constructor(name: string, linkId: string, plan: PaymentPlan, metadata: Metadata, random: Random) {
    this.#name = name;
    this.#plan = plan;
    const ours = plan.named === "by_metadata" ? metadata : {};
    this.#payment = { name, linkId, plan, metadata: ours };
    this.#random = random;
    this.#now = BEGINNING + random.upTo(100);
  }

  play(): FinalPayment | null {
    let final: FinalPayment | null = null;
    this.#plan.attempts.forEach((attempt, index) => {
      final = this.#fail(attempt, `code_${index}`, `ch_${this.#name}a${index}`);
    });
    final = this.#end() ?? final;
    if (final?.status === "succeeded") {
      this.#plan.refunds.forEach((refund, index) => {
        final?.refunds.push(this.#refund(refund, `re_${this.#name}r${index}`, final.refunds));
      });
      this.#plan.disputes.forEach((dispute, index) => {
        final?.disputes.push(this.#dispute(dispute.path, `du_${this.#name}d${index}`));
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
    return { ...this.#final("succeeded", null, chargeId), succeededAt: at };
  }

  #refund(
    { amount, path }: PaymentPlan["refunds"][number],
    id: string,
    before: FinalPayment["refunds"],
  ): FinalPayment["refunds"][number] {
    const refundAs = (status: string): RefundState => {
      const failureReason = status === "failed" ? "expired_or_canceled_card" : null;
      return { id, amount, status, failureReason };
    };
    const show = (refund: RefundState) => refundObject(this.#payment, refund);
    path.forEach((status, index) => {
      this.#wait(index === 0 ? 1 : 0, 30);
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

  #dispute(path: readonly string[], id: string): FinalPayment["disputes"][number] {
    const dueAt = this.#now + 1_000_000;
    path.forEach((status, index) => {
      // States may follow within one second, but no appeal is decided in the second in which it began.
      const decided = path[index - 1]?.startsWith("appeal");
      this.#wait(index === 0 || decided ? 1 : 0, 30);
      const dispute = disputeObject(this.#payment, { id, status, createdAt: dueAt - 1_000_000, dueAt });
      const closed = ["won", "lost", "warning_closed", "prevented"].includes(status);
      this.#emit(`charge.dispute.${index === 0 ? "created" : closed ? "closed" : "updated"}`, dispute);
      if (status === "needs_response") this.#emit("charge.dispute.funds_withdrawn", dispute);
      if (status === "won") this.#emit("charge.dispute.funds_reinstated", dispute);
    });
    return { id, amount: this.#plan.amount, status: path.at(-1) ?? "", dueAt };
  }

  #intent(type: string, state: Record<string, unknown>, chargeId: string | null): void {
    this.#emit(type, intentObject(this.#payment, state, chargeId));
  }

  #session(type: string, paymentStatus: string): void {
    this.#told = true;
    this.#emit(type, sessionObject(this.#payment, paymentStatus));
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
      known: true,
      refunds: [],
      disputes: [],
    };
  }

  #wait(least: number, most: number): void {
    this.#now += least + this.#random.upTo(most - least);
  }
}
