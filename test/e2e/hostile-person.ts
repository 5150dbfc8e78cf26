// A person whom a platform calls what strangers are called, sent to the dashboard by a link: what they do is theirs in
// the logs and on timelines.

import type { Page } from "playwright-core";
import { dataOf, type Quittance } from "../../client/index.ts";
import type { Stack } from "../demo/start-stack.ts";
import { cut, HOSTILE_URL, MARKUP } from "./hostile-strings.ts";

/** Signs in so in the browser, and does one thing of each kind. */
export async function actAsStranger(page: Page, stack: Stack, quittance: Quittance): Promise<void> {
  const name = `${MARKUP}${"W".repeat(60 - MARKUP.length)}`;
  const actor = { id: cut(MARKUP.repeat(20), 200), name, email: `${"w".repeat(60)}'&@example.com` };
  const asked = { role: "admin" as const, actor, return_url: HOSTILE_URL };
  const { url } = await dataOf(quittance.POST("/api/v1/dashboard_sessions", { body: asked }));
  await page.goto(url);
  await page.waitForURL(`${stack.worker}/dashboard`);
  const query = { status: "draft" as const, limit: 1 };
  const { data } = await dataOf(quittance.GET("/api/v1/invoices", { params: { query } }));
  const acts: [path: string, form: Record<string, string>][] = [
    ["/customers/new", { name: MARKUP }],
    [`/invoices/${data[0]?.id}/finalize`, {}],
    ["/api-keys/new", { name: MARKUP, role: "read" }],
  ];
  for (const [path, form] of acts) {
    const headers = { origin: stack.worker };
    const options = { form, headers, maxRedirects: 0 };
    const answer = await page.request.post(`${stack.worker}/dashboard${path}`, options);
    if (answer.status() >= 400) throw new Error(`${path} answered ${answer.status()}.`);
  }
}
