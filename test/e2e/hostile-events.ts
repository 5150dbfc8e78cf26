// Stripe's own events of an account, once more, with a stranger's text in every place that a person can write into, and
// signed, so that they are believed.

import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { Quittance } from "../../client/index.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { signWebhook } from "../stripe-sandbox/sign-webhook.ts";
import { HOSTILE_STRINGS, LONG_WORD } from "./hostile-strings.ts";

/** Fields that a person, a bank or another program fills in. */
const WRITTEN = new Set(
  "name description message decline_code code reason city line1 line2 state postal_code phone brand last4 nickname statement_descriptor receipt_url hosted_invoice_url invoice_pdf url product number footer failure_message failure_code network_reason_code advice_code display_name label".split(
    " ",
  ),
);
/** Of them, what leads from one object to another: it stays, or the event tells of nothing that is known. */
const ID = /^(?:[a-z]{2,8}_|https?:\/\/)/;

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const listed = z.object({
  data: z.array(z.object({ id: z.string(), type: z.string() }).loose()),
});

export type Door = {
  stack: Stack;
  quittance: Quittance;
  webhookUrl: string;
  webhookSecret: string;
  secretKey: string;
};

/** All of them are processed, one way or another. @returns how many */
export async function sendHostileEvents(door: Door): Promise<number> {
  const mark = randomBytes(4).toString("hex");
  const ids: string[] = [];
  const firsts = await firstOfEachType(door);
  for (const [index, text] of [...HOSTILE_STRINGS, LONG_WORD].entries()) {
    const event = firsts[index % firsts.length];
    if (event === undefined) throw new Error("The account has no events.");
    const id = `evt_${mark}${index}`;
    await post(door, JSON.stringify({ ...(rewrite(event as Json, text) as object), id }));
    ids.push(`whe_${mark}${index}`);
  }
  // Of a type that nobody knows, and one whose object is none.
  const bare = { object: "event", api_version: "2026-10-28.endive", created: Math.floor(Date.now() / 1000) };
  const strange = { ...bare, id: `evt_${mark}x`, type: HOSTILE_STRINGS[0], livemode: false };
  await post(door, JSON.stringify({ ...strange, data: { object: { object: HOSTILE_STRINGS[2] } } }));
  for (const id of ids) {
    await until(`${id} is not processed`, async () => {
      const params = { path: { id } };
      const { data } = await door.quittance.GET("/api/v1/webhook_events/{id}", { params });
      return data ?? null;
    });
  }
  return ids.length;
}

async function firstOfEachType({ stack, secretKey }: Door) {
  const url = `${stack.sandbox}/v1/events?limit=100`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${secretKey}` } });
  const { data } = listed.parse(await answer.json());
  return [...new Map(data.map((event) => [event.type, event])).values()];
}

function rewrite(value: Json, text: string, name = ""): Json {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, text));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewrite(one, text, key)]));
  }
  return typeof value === "string" && WRITTEN.has(name) && !ID.test(value) ? text : value;
}

async function post({ stack, webhookUrl, webhookSecret }: Door, body: string): Promise<void> {
  const signature = await signWebhook(body, [webhookSecret], Math.floor(Date.now() / 1000));
  const url = `${stack.worker}${new URL(webhookUrl).pathname}`;
  const answer = await fetch(url, { method: "POST", body, headers: { "stripe-signature": signature } });
  if (!answer.ok) throw new Error(`The door answered ${answer.status}: ${await answer.text()}`);
}
