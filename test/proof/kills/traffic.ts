// The platform and the payers while the Worker is killed again and again: invoices are asked for until they are
// answered, and paid once their link is there.

import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { createApi } from "../../../tools/doctor/single-calls.ts";
import type { Sandbox } from "../../stripe-sandbox/types.ts";
import type { KillsEnvironment } from "./scene.ts";

const CARD = "4242424242424242";
const AGAIN_AFTER_MS = 100;
const LOOK_EVERY_MS = 250;
const TIME_OUT_MS = 10_000;

/** What was asked for. `amount` in minor units: no two have the same. */
export type Sale = { environment: KillsEnvironment; invoiceId: string; amount: number };

const page = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      payment_link: z.object({ id: z.string().nullable(), status: z.string() }).nullable(),
    }),
  ),
  has_more: z.boolean(),
  next_cursor: z.string().nullable(),
});

export function saleOf(environments: readonly KillsEnvironment[], index: number): Sale {
  const environment = environments[index % environments.length] as KillsEnvironment;
  return { environment, invoiceId: `inv_${index}`, amount: 1_000 + index };
}

/** Sales that are asked for: so many more with each life of the Worker. */
export class Wanted {
  readonly #sales: readonly Sale[];
  #begun = 0;
  #allowed = 0;

  constructor(sales: readonly Sale[]) {
    this.#sales = sales;
  }
  /** @param part 0 to 1 */
  allow(part: number): void {
    this.#allowed = Math.ceil(this.#sales.length * part);
  }
  /** Waits until one more is wanted; null after the last. */
  async next(): Promise<Sale | null> {
    while (this.#begun >= this.#allowed && this.#begun < this.#sales.length) await sleep(AGAIN_AFTER_MS);
    return this.#sales[this.#begun++] ?? null;
  }
}

/** Asks until it is answered, each time with the same Idempotency-Key. @throws Error when it is refused */
export async function makeInvoice(origin: string, { environment, invoiceId, amount }: Sale): Promise<void> {
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: amount }];
  const body = { id: invoiceId, customer_id: environment.customerId, currency: "EUR", lines, finalize: true };
  for (;;) {
    const answer = await ask(`${origin}/api/v1/invoices`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${environment.apiKey}`,
        "content-type": "application/json",
        "idempotency-key": `sale-${invoiceId}`,
      },
      body: JSON.stringify(body),
    });
    if (answer?.ok) return;
    // 409: the call whose connection broke is still at work.
    if (answer && answer.status < 500 && ![409, 429].includes(answer.status))
      throw new Error(`Invoice ${invoiceId} was refused: ${answer.status} ${answer.text}`);
    await sleep(AGAIN_AFTER_MS);
  }
}

async function ask(
  url: string,
  init: RequestInit,
): Promise<{ ok: boolean; status: number; text: string } | null> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIME_OUT_MS) });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch {
    // Killed before it had answered.
    return null;
  }
}

/** Pays each invoice once, as soon as the API shows its link, until `count` are paid. */
export async function payAll(
  origin: string,
  sandbox: Sandbox,
  environments: readonly KillsEnvironment[],
  paid: Set<string>,
  count: number,
): Promise<void> {
  while (paid.size < count) {
    for (const environment of environments) {
      for (const link of await openLinks(origin, environment)) {
        if (paid.has(link)) continue;
        const { id } = sandbox.accountFor(environment.secretKey).account;
        const result = await sandbox.pay(id, { paymentLinkId: link }, { card: CARD });
        if (result.outcome !== "succeeded") throw new Error(`A payment ${result.outcome}.`);
        paid.add(link);
      }
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Empty where nobody answers. */
async function openLinks(origin: string, { apiKey }: KillsEnvironment): Promise<string[]> {
  const api = createApi(origin, apiKey);
  const links: string[] = [];
  let cursor: string | null = "";
  try {
    while (cursor !== null) {
      const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const found: z.infer<typeof page> = await api.get(`/invoices?status=open&limit=100${after}`, page);
      for (const { payment_link: link } of found.data)
        if (link?.status === "active" && link.id !== null) links.push(link.id);
      cursor = found.has_more ? found.next_cursor : null;
    }
  } catch {
    return [];
  }
  return links;
}
