// Deps one of whose commits goes wrong: one of the directory, or one of the environment's ledger.

import { env } from "cloudflare:workers";
import type { Deps } from "../../src/platform/deps.ts";
import type { Guard } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { testDeps } from "../harness/world.ts";

export type Loss = {
  seam: "directory" | "ledger";
  /** Whether nothing was done, or all of it and only the answer was lost. */
  when: "before" | "after";
  /** Which call of the seam, counted from 1; all later ones go well. */
  nth: number;
};

/** `happened` says whether it came to the loss. Reads of the directory always work. */
export function depsWithLoss({ seam, when, nth }: Loss): { deps: Deps; happened: () => boolean } {
  let calls = 0;
  const pass = async <T>(run: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isLost = calls === nth;
    if (isLost && when === "before") throw new Error("Network connection lost.");
    const answer = await run();
    if (isLost) throw new Error("Network connection lost.");
    return answer;
  };
  const happened = () => calls >= nth;
  if (seam === "directory") return { deps: withCommits(testDeps(), pass), happened };
  const LEDGER = guardedLedgers((run, call) => (call === null ? run() : pass(run)));
  return { deps: testDeps({}, { LEDGER }), happened };
}

/** A commit is what goes by the client's own batch. */
function withCommits(deps: Deps, pass: Guard): Deps {
  const client = withBound(deps.directory.$client, {
    batch: (statements: D1PreparedStatement[]) => pass(() => env.DB.batch(statements)),
  });
  return { ...deps, directory: withBound(deps.directory, { $client: client }) };
}

function withBound<T extends object>(target: T, replaced: Record<string, unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      if (typeof name === "string" && Object.hasOwn(replaced, name)) return replaced[name];
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
