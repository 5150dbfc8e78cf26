// What a page shows is had by API with the command that stands on it, whatever others wrote.

import { expect, test } from "vitest";
import { curlOf } from "../../src/dashboard/parts/by-api.tsx";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { open, signIn, textOf } from "./browse.ts";
import { insertStuckJob } from "./rows.ts";

test("a command has the filters that are set, its key from a variable, and hostile text as one word of the shell", () => {
  const call = { words: "This list", method: "GET", path: "/invoices" } as const;
  const query = { status: "open", customer_id: "o'hara $(rm -rf) &x", none: undefined };
  expect(curlOf({ ...call, query }, "https://pay.example")).toBe(
    "curl 'https://pay.example/api/v1/invoices?status=open&customer_id=o%27hara+%24%28rm+-rf%29+%26x' \\\n" +
      '  -H "Authorization: Bearer $QUITTANCE_KEY"',
  );
  const body = { name: "it's $HOME `id`" };
  expect(curlOf({ ...call, method: "PATCH", path: "/customers/o'1", body }, "https://pay.example")).toBe(
    `curl -X PATCH 'https://pay.example/api/v1/customers/o'\\''1' \\
  -H "Authorization: Bearer $QUITTANCE_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
  "name": "it'\\''s $HOME \`id\`"
}'`,
  );
});

test("the page of jobs says by which call the same list is had, and that call answers it", async () => {
  const world = await createTenantWorld();
  await insertStuckJob(world.scope, { invoiceId: "inv_1" });
  const page = await open("/dashboard/stuck-jobs?status=dead", await signIn(world.keys.read));
  const text = textOf(page.html);
  expect(text).toContain("/api/v1/jobs?status=dead");
  expect(text).toContain("Bearer $QUITTANCE_KEY");
  expect((await world.api("GET", "/jobs?status=dead")).body.data).toHaveLength(1);
});

test("the pages of the connection, the issues, the first one and the search say by which calls they are had, and those answer", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.admin);
  for (const [page, path] of [
    ["/dashboard/connections", `/connections/${world.connectionId}`],
    ["/dashboard/issues", "/issues"],
    ["/dashboard", "/stats"],
    ["/dashboard", "/payments?limit=6"],
    ["/dashboard/search?q=inv", "/invoices?search=inv"],
    ["/dashboard/search?q=inv", "/customers?search=inv"],
  ] as const) {
    expect(textOf((await open(page, cookie)).html)).toContain(`/api/v1${path}`);
    expect([path, (await world.api("GET", path)).status]).toEqual([path, 200]);
  }
});
