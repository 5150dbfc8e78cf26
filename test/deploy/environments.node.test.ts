import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { QUEUE_KINDS } from "../../src/platform/jobs.ts";
import { CONFIG, readTarget } from "../../tools/deploy/target.ts";

/** An environment without what makes it another: names, ids, and where it came from. */
function shapeOf(environment: string): unknown {
  const config: Record<string, unknown> = unstable_readConfig({ config: CONFIG, env: environment });
  const alike = ["d1_databases", "durable_objects", "exports", "queues", "ratelimits", "secrets", "triggers"];
  const rest = [...alike, "alias", "observability", "compatibility_date", "compatibility_flags", "vars"];
  return JSON.parse(
    JSON.stringify(Object.fromEntries(rest.map((name) => [name, config[name]])))
      .replaceAll("quittance-staging", "quittance")
      .replaceAll(/"namespace_id":"72/g, '"namespace_id":"71'),
  );
}

it("staging is production under other names: bindings, consumers, limits, cron and logs are alike", () => {
  expect(shapeOf("staging")).toEqual(shapeOf(""));
});

it("staging and production share nothing in their account", () => {
  const [production, staging] = [readTarget(null), readTarget("staging")];
  expect(staging.worker).not.toBe(production.worker);
  expect(staging.database).not.toBe(production.database);
  expect(staging.queues.filter((queue) => production.queues.includes(queue))).toEqual([]);
});

it("every queue's name ends in what its consumer is found by", () => {
  for (const environment of [null, "staging"]) {
    const { queues } = readTarget(environment);
    const endings = queues.map((queue) => queue.replace(/^quittance(-staging)?-/, "")).sort();
    expect(endings).toEqual(QUEUE_KINDS.flatMap((kind) => [kind, `${kind}-dead`]).sort());
  }
});

it("an environment that wrangler.toml does not have is refused by name", () => {
  expect(() => readTarget("nosuch")).toThrow(/nosuch/);
});
