// A message that no consumer can read is never lost: it is kept for root, told of, and dismissed by a person.

import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { keepUnreadable } from "../../src/directory/unreadable-messages.ts";
import { consume } from "../../src/queue.ts";
import { root } from "../harness/api.ts";
import { testDeps } from "../harness/world.ts";

const pathOf = (id: string) => `/dead_messages/${encodeURIComponent(id)}`;

async function bring(id: string, body: string) {
  const message = { id, timestamp: new Date(), attempts: 1, body };
  await consume(createMessageBatch("quittance-jobs", [message]), env);
}

test("a message that no consumer could read is shown to root, with its text, and gone once root dismissed it", async () => {
  const [id, body] = ["m_unreadable/1", '{"kind":"unbekannt — ü"}'];
  await bring(id, body);
  const list = await root("GET", "/dead_messages");
  expect(list.body.data).toMatchObject([
    {
      id,
      object: "dead_message",
      queue: "quittance-jobs",
      size_bytes: new TextEncoder().encode(body).byteLength,
      error: expect.stringContaining("shape"),
    },
  ]);
  expect(list.body.data[0]).not.toHaveProperty("message");
  expect((await root("GET", pathOf(id))).body).toMatchObject({ ...list.body.data[0], message: body });

  const answers = await Promise.all([1, 2].map(() => root("DELETE", pathOf(id))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
  expect((await root("GET", "/dead_messages")).body.data).toEqual([]);
  const audit = await env.DB.prepare(
    "SELECT environment_id, actor_kind, object_id, detail FROM audit_log WHERE action = 'dead_message.dismissed'",
  ).all<Record<string, string>>();
  expect(audit.results).toEqual([
    {
      environment_id: "root",
      actor_kind: "root",
      object_id: id,
      detail: expect.stringMatching(/quittance-jobs.*shape/),
    },
  ]);
});

test("what was brought twice is kept once, and the list is newest first, in pages", async () => {
  await bring("m_a", "{");
  await bring("m_a", "{");
  await keepUnreadable(testDeps({ now: () => Date.now() + 1_000 }), { id: "m_b", queue: "jobs", text: "{" });
  const first = (await root("GET", "/dead_messages?limit=1")).body;
  const second = (await root("GET", `/dead_messages?limit=1&cursor=${first.next_cursor}`)).body;
  expect([first.data[0].id, second.data[0].id, second.has_more]).toEqual(["m_b", "m_a", false]);
});
