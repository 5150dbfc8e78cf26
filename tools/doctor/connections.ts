// Whether the connections of the environments that we were given keys of work: each is tested at Stripe.

import * as z from "zod";
import type { Patient } from "./examine.ts";
import { check, Remediable, type Report } from "./report.ts";
import { createApi } from "./single-calls.ts";

const listed = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
});
export const connectionTest = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

export async function examineConnections({ url, apiKeys }: Patient, report: Report): Promise<void> {
  if (apiKeys.length === 0) {
    report({
      state: "open",
      what: "connections",
      detail: "not looked at: they are their environments' own",
      remedy: "Give an admin key of an environment, as often as you like: --api-key qt_…",
    });
  }
  for (const key of apiKeys) {
    const api = createApi(url, key);
    const found = await check(
      report,
      "connections",
      async () => {
        const { data } = await api.get("/connections?limit=100", listed);
        const live = data.filter(({ status }) => status !== "disconnected");
        if (live.length === 0) throw new Error("the environment has none");
        return { detail: `${live.length} of the environment of qt_…${key.slice(-4)}`, found: live };
      },
      "Give an admin key of an environment that has a connection, or make one: POST /connections, or the dashboard.",
    );
    for (const { id, name } of found ?? []) {
      await check(
        report,
        `connection ${name}`,
        async () => {
          const { ok, checks } = await api.post(`/connections/${id}/test`, undefined, connectionTest);
          const failed = checks.filter((one) => !one.ok);
          if (!ok || failed.length > 0) {
            const names = failed.map((one) => one.name).join(", ");
            throw new Remediable(`fails at ${names}`, failed.map(({ detail }) => detail).join(" "));
          }
          return { detail: `${checks.length} checks passed`, found: true };
        },
        `See POST /connections/${id}/test.`,
      );
    }
  }
}
