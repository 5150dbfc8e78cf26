// Two mutations of one object, started together: what each answers is what happened. Both have happened, one after
// the other, in this order or that one; or one is refused with a 409 and everything is as if it had not been called.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { MUTATIONS, type Named, type ObjectName, pairs } from "./two-mutations.ts";
import type { Outcome } from "./two-outcome.ts";
import { createTwoStage, play, type Run, type Stage } from "./two-stage.ts";

/** `npm run proof:twice`: every pair, each 20 times; `npm test` plays a few pairs twice. */
const EVERYTHING = env.PROOF_TWICE === "all";
const TOGETHER: readonly Run[] = [0, 0, 1, -1, 2, -2, 3, -3, 5, -5].flatMap((offsetMs) => [
  { order: "together", offsetMs },
  { order: "together", offsetMs, stripeMs: 4 },
]);

// One of each kind of object, and those that have been answered wrongly.
const IN_EVERY_RUN: readonly [ObjectName, string, string][] = [
  ["draft", "PATCH /invoices/:id (amount)", "POST /invoices/:id/finalize"],
  ["open_invoice", "POST /invoices/:id/void", "POST /invoices/:id/payments (in full)"],
  ["manual_payment", "POST /payments/:id/reverse", "POST /payments/:id/refunds (by hand)"],
  ["payment", "POST /payments/:id/refunds", "POST /payments/:id/refunds"],
  ["customer", "PATCH /customers/:id", "DELETE /customers/:id"],
  ["connection", "PATCH /connections/:id", "PATCH /connections/:id"],
  ["connection", "PATCH /connections/:id (off)", "DELETE /connections/:id"],
  ["connection", "DELETE /connections/:id", "DELETE /connections/:id"],
  ["unconnected", "POST /connections", "POST /connections"],
  ["destination", "DELETE /event_destinations/:id", "POST /event_destinations/:id/rotate_secret"],
  ["event", "POST /webhook_events/:id/replay", "POST /webhook_events/:id/replay"],
  ["job", "POST /jobs/:id/retry", "POST /jobs/:id/dismiss"],
  ["settings", "PATCH /settings", "PATCH /settings"],
];

const PAIRS = pairs().filter(
  ([one, other]) =>
    EVERYTHING ||
    IN_EVERY_RUN.some(
      ([of, first, second]) => one.mutation.of === of && one.name === first && other.name === second,
    ),
);

let stage: Stage;
beforeAll(async () => {
  stage = await createTwoStage();
});

test("every mutation of the API is among those that are started together, and nothing else is", () => {
  const routes = createApp().routes.map(({ method, path }) => `${method} ${path}`);
  const mutations = routes.filter(
    (route) =>
      /^(POST|PUT|PATCH|DELETE) \/api\/v1\//.test(route) && !/\/webhooks\/(stripe|mail)\//.test(route),
  );
  const named = [...new Set(mutations)].map((route) => route.replace("/api/v1", "")).sort();
  expect(named).toEqual(Object.keys(MUTATIONS).sort());
});

for (const pair of PAIRS) {
  const [one, other] = pair;
  for (const keys of keysOf(pair)) {
    const what = `${one.mutation.of}: ${one.name} beside ${other.name}, ${keys ?? "no"} keys`;
    test(what, async () => {
      const ends = createEnds(stage, pair, keys);
      for (const run of EVERYTHING ? TOGETHER : TOGETHER.slice(0, 2))
        await expectAnEnd(pair, await play(stage, pair, { ...run, keys }), ends, run);
    });
  }
}

function keysOf([one, other]: [Named, Named]): Run["keys"][] {
  return one === other && one.route.startsWith("POST") ? [undefined, "same", "different"] : [undefined];
}

const ENDS = ["one, other", "other, one", "in one", "in other", "one", "other"] as const;
type Ends = (order: Run["order"]) => Promise<Outcome>;

/** How one after the other ends, and either alone; each is played when it is first needed. */
function createEnds(at: Stage, pair: [Named, Named], keys: Run["keys"]): Ends {
  const played = new Map<Run["order"], Promise<Outcome>>();
  return (order) => {
    const end = played.get(order) ?? play(at, pair, { order, keys });
    played.set(order, end);
    return end;
  };
}

/** Fails with what differs from the nearest of the ends that may be. */
async function expectAnEnd(pair: [Named, Named], played: Outcome, ends: Ends, run: Run): Promise<void> {
  const mutations = pair.map(({ mutation }) => mutation);
  const hasSteps = mutations.some(({ firstStep }) => firstStep);
  const meetsChange =
    pair.some(({ route }) => route === "PATCH /customers/:id") &&
    mutations.some(({ makesCustomer }) => makesCustomer);
  const onlyAnswers = meetsChange || (hasSteps && mutations.some(({ meetsSteps }) => meetsSteps));
  const compared = (outcome: Outcome) => (onlyAnswers ? { ...outcome, state: {} } : outcome);
  const seen = compared(played);
  const differences = [];
  for (const order of ENDS) {
    if (order.startsWith("in ") && !mutations[order === "in one" ? 0 : 1]?.firstStep) continue;
    const mine = asThough(seen, order);
    if (!mine) continue;
    const end = compared(await ends(order));
    if (JSON.stringify(mine) === JSON.stringify(end)) return;
    differences.push({ order, lines: difference(mine, end) });
  }
  const [nearest] = differences.sort((one, other) => one.lines.length - other.lines.length);
  const statuses = seen.answers.map((answer) => answer?.status).join(", ");
  const words = `${JSON.stringify(run)}: ${statuses}, unlike "${nearest?.order}":`;
  expect.fail([words, ...(nearest?.lines ?? [])].join("\n"));
}

/** What was seen, where only one was called: the other's answer says so. Null where it does not. */
function asThough(seen: Outcome, order: (typeof ENDS)[number]): Outcome | null {
  if (order !== "one" && order !== "other") return seen;
  const done = order === "one" ? 0 : 1;
  if (seen.answers[1 - done]?.status !== 409) return null;
  return { ...seen, answers: seen.answers.map((answer, nth) => (nth === done ? answer : null)) };
}

function difference(seen: Outcome, end: Outcome): string[] {
  const parts = (outcome: Outcome): Record<string, unknown[]> => ({
    answers: outcome.answers,
    ...outcome.state,
  });
  const [mine, theirs] = [parts(seen), parts(end)];
  return Object.keys({ ...mine, ...theirs }).flatMap((name) => {
    const [have, want] = [mine, theirs].map((side) => (side[name] ?? []).map((row) => JSON.stringify(row)));
    const more = have?.filter((row) => !want?.includes(row)).map((row) => `+ ${name} ${row}`) ?? [];
    const less = want?.filter((row) => !have?.includes(row)).map((row) => `- ${name} ${row}`) ?? [];
    return [...more, ...less];
  });
}
