// npm run demo: starts everything and does the main job once before the reader's eyes. `--once` then ends.

import { connect, doMainJob, offerInvoice } from "./main-job.ts";
import { prepareTenant } from "./prepare-tenant.ts";
import { say, step } from "./report.ts";
import { run } from "./run.ts";
import { findNoSecret } from "./search-files.ts";
import { sayWhereToGo } from "./where-to-go.ts";

const once = process.argv.includes("--once");
const unknown = process.argv.slice(2).filter((word) => word !== "--once");
if (unknown.length > 0) {
  console.error(`The demo knows --once alone, not ${unknown.join(" ")}.`);
  process.exit(1);
}

await run("Quittance demo", once, async (stack) => {
  const tenant = await prepareTenant(stack);
  say();
  await connect(tenant);
  await doMainJob(tenant);
  await step(
    "no secret in D1's files or the log",
    () => findNoSecret(stack.paths, tenant.apiKey),
    ({ files, secrets }) => `${secrets} secrets looked for in ${files} files`,
  );
  if (!once) sayWhereToGo(stack, tenant, await offerInvoice(tenant));
});
