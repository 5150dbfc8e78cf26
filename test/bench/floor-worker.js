// No product: the least that a webhook's way costs on this runtime, for what is measured beside it. It verifies the
// signature with a key that it keeps, or reads the secret in D1 each time, and enqueues the event; its consumer has
// one object for each environment keep the events, a row each, as one call and one commit for each environment.

import { DurableObject } from "cloudflare:workers";

const encoder = new TextEncoder();
const keys = new Map();
let kept = 0;

export class Keeper extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS events (at INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  keep(bodies) {
    for (const body of bodies) this.ctx.storage.sql.exec("INSERT INTO events (body) VALUES (?)", body);
  }
}

// biome-ignore lint/style/noDefaultExport: a Worker's handlers are its default export.
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/kept") return Response.json({ kept });
    if (pathname === "/prepare") return prepare(env);
    const body = await request.text();
    const key = env.READS_D1 ? await readKey(env, pathname) : await cachedKey(env, pathname);
    const isGood = await verify(key, request.headers.get("stripe-signature") ?? "", body);
    if (!isGood) return new Response(null, { status: 400 });
    await env.EVENTS.send(`${pathname}\n${body}`, { contentType: "text" });
    return Response.json({ received: true });
  },

  async queue(batch, env) {
    const messages = batch.messages.map(({ body }) => [body.slice(0, body.indexOf("\n")), body]);
    const groups = [...Map.groupBy(messages, ([path]) => path)];
    await Promise.all(
      groups.map(([path, group]) => env.KEEPER.getByName(path).keep(group.map(([, body]) => body))),
    );
    kept += messages.length;
  },
};

async function prepare({ DB, SECRETS }) {
  await DB.prepare("CREATE TABLE secrets (path TEXT PRIMARY KEY, secret TEXT NOT NULL)").run();
  const insert = DB.prepare("INSERT INTO secrets VALUES (?, ?)");
  await DB.batch(Object.entries(SECRETS).map(([path, secret]) => insert.bind(path, secret)));
  return Response.json({ prepared: true });
}

async function readKey({ DB }, path) {
  const row = await DB.prepare("SELECT secret FROM secrets WHERE path = ?").bind(path).first();
  return importKey(row.secret);
}

async function cachedKey({ SECRETS }, path) {
  if (!keys.has(path)) keys.set(path, await importKey(SECRETS[path]));
  return keys.get(path);
}

function importKey(secret) {
  return crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
}

function verify(key, header, body) {
  const parts = Object.fromEntries(header.split(",").map((part) => part.split("=")));
  const signature = Uint8Array.fromHex(parts.v1 ?? "");
  return crypto.subtle.verify("HMAC", key, signature, encoder.encode(`${parts.t}.${body}`));
}
