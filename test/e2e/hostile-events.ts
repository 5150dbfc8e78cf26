// Stripe's own events of an account, once more, with a stranger's text in every place that a person can write into, and
// signed, so that they are believed.

import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { Quittance } from "../../client/index.ts";
import type { Stack } from "../demo/start-stack.ts";
import { until } from "../demo/until.ts";
import { signWebhook } from "../stripe-sandbox/sign-webhook.ts";
import { HOSTILE_STRINGS, LONG_WORD, MARKUP } from "./hostile-strings.ts";

/** Fields that a person, a bank or another program fills in. */
const WRITTEN = new Set(
  "name email description message decline_code code reason failure_reason billing_reason city line1 line2 state postal_code phone brand last4 nickname statement_descriptor receipt_url hosted_invoice_url invoice_pdf url success_url cancel_url client_reference_id product number footer failure_message failure_code network_reason_code advice_code display_name label currently_due disabled_reason".split(
    " ",
  ),
);
/** Of them, what leads from one object to another: it stays, or the event tells of nothing that is known. */
const ID = /^(?:acct|ch|cs|cus|dp|du|evt|in|pi|plink|pm|price|prod|py|re|si|sub|txn)_/;

const AHEAD_SECONDS = 60;
/** Of two facts that tie the greater stands: this one is greater than the others. */
const LAST = `ｚ${MARKUP}`;

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [name: string]: Json };
const listed = z.object({
  data: z.array(
    z
      .object({
        type: z.string(),
        data: z.object({ object: z.object({ status: z.string().nullish().catch(null) }).loose() }).loose(),
      })
      .loose(),
  ),
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
  const firsts = await firstOfEachKind(door);
  const ids: string[] = [];
  const beganSeconds = Math.floor(Date.now() / 1000);
  async function send(event: Json | undefined, text: string): Promise<void> {
    if (event === undefined) throw new Error("The account has no events.");
    const id = `${mark}${ids.length}`;
    // Newer than all that was heard, or asked for, of its object: so it is not asked for again, and stands.
    const created = beganSeconds + AHEAD_SECONDS + ids.length;
    const rewritten = { ...(rewrite(event, text) as JsonObject), id: `evt_${id}`, created };
    await post(door, JSON.stringify(rewritten));
    ids.push(`whe_${id}`);
  }
  // Before the others for what the first of them decides, and after them for what the last does.
  for (const event of firsts) await send(event, MARKUP);
  const texts = [...HOSTILE_STRINGS, LONG_WORD];
  for (const [index, text] of texts.entries()) await send(firsts[index % firsts.length], text);
  for (const event of firsts) await send(event, LAST);
  await sendStrange(door, `evt_${mark}x`);
  for (const id of ids) {
    await until(`${id} is not processed`, async () => {
      const params = { path: { id } };
      const { data } = await door.quittance.GET("/api/v1/webhook_events/{id}", { params });
      return data ?? null;
    });
  }
  return ids.length;
}

async function firstOfEachKind({ stack, secretKey }: Door): Promise<Json[]> {
  const url = `${stack.sandbox}/v1/events?limit=100`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${secretKey}` } });
  const { data } = listed.parse(await answer.json());
  return [
    ...new Map(data.map((event) => [`${event.type} ${event.data.object.status}`, event as Json])).values(),
  ];
}

/** Of a type that nobody knows, of a version that there is not, and whose object is none. */
function sendStrange(door: Door, id: string): Promise<void> {
  const bare = { object: "event", api_version: MARKUP, created: Math.floor(Date.now() / 1000) };
  const strange = { ...bare, id, type: HOSTILE_STRINGS[0], livemode: false };
  return post(door, JSON.stringify({ ...strange, data: { object: { object: HOSTILE_STRINGS[2] } } }));
}

function rewrite(value: Json, text: string, name = ""): Json {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, text, name));
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(([key, one]) => [key, rewrite(one, text, key)]);
    return { ...Object.fromEntries(entries), ...added(value, text, name) };
  }
  if (typeof value !== "string" || !WRITTEN.has(name) || ID.test(value)) return value;
  if (!/^https?:/.test(value)) return text;
  return text.endsWith(MARKUP) ? `https://evil.example/?x=${text}` : `javascript:alert(1)//${text}`;
}

/** What the sandbox leaves empty. */
function added({ object, status }: JsonObject, text: string, name: string): JsonObject {
  if (name === "metadata") return { [MARKUP]: text };
  if (object === "refund") return { reason: text, failure_reason: text };
  if (object !== "subscription") return {};
  const pause_collection = { behavior: text, resumes_at: null };
  return status === "active" ? { pause_collection } : { pause_collection, status: text };
}

async function post({ stack, webhookUrl, webhookSecret }: Door, body: string): Promise<void> {
  const signature = await signWebhook(body, [webhookSecret], Math.floor(Date.now() / 1000));
  const url = `${stack.worker}${new URL(webhookUrl).pathname}`;
  const answer = await fetch(url, { method: "POST", body, headers: { "stripe-signature": signature } });
  if (!answer.ok) throw new Error(`The door answered ${answer.status}: ${await answer.text()}`);
}
