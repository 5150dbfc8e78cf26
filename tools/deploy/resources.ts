// What the Worker needs in the account: its database and its queues, with their dead-letter queues. What is there stays.

import { environmentFlags, type Target } from "./target.ts";
import type { Wrangler } from "./wrangler.ts";

/** @throws Error when wrangler fails, in its own words */
export async function makeResources(
  wrangler: Wrangler,
  target: Target,
  say: (line: string) => void,
): Promise<void> {
  const flags = environmentFlags(target);
  if (await isMissing(wrangler, ["d1", "info", target.database, ...flags], NO_DATABASE)) {
    await wrangler.change(["d1", "create", target.database, ...flags]);
  } else say(`✓ database ${target.database} is there`);
  for (const queue of target.queues) {
    if (await isMissing(wrangler, ["queues", "info", queue, ...flags], NO_QUEUE)) {
      await wrangler.change(["queues", "create", queue, ...flags]);
    } else say(`✓ queue ${queue} is there`);
  }
}

/** Brings the directory up to date. Each ledger does that by itself when it starts. */
export async function migrate(wrangler: Wrangler, target: Target): Promise<void> {
  await wrangler.change(["d1", "migrations", "apply", "DB", "--remote", ...environmentFlags(target)]);
}

const NO_DATABASE = /couldn't find (a )?(d1 )?(db|database)/i;
const NO_QUEUE = /queue .*does not exist/i;

/** In a dry run everything is. @throws Error when it cannot be told */
async function isMissing(wrangler: Wrangler, args: readonly string[], words: RegExp): Promise<boolean> {
  const ran = await wrangler.ask(args);
  if (ran === null) return true;
  if (ran.code === 0) return false;
  if (words.test(ran.output)) return true;
  throw new Error(`wrangler ${args.join(" ")} failed:\n${ran.output.trim()}`);
}
