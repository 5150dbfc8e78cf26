// npm run demo: starts everything and does the main job once before the reader's eyes. `--once` then ends.

import { relative } from "node:path";
import { examineDemo } from "./examine-demo.ts";
import { connect, doMainJob, offerInvoice } from "./main-job.ts";
import { makePortalLink } from "./portal-link.ts";
import { prepareTenant } from "./prepare-tenant.ts";
import { say, step } from "./report.ts";
import { run } from "./run.ts";
import { runQuickstart } from "./run-quickstart.ts";
import { createMailSaver, keepSavingMails } from "./save-mails.ts";
import { findNoSecret } from "./search-files.ts";
import { subscribe } from "./subscription-job.ts";
import { until } from "./until.ts";
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
  const save = await createMailSaver(stack, tenant.apiKey);
  await doMainJob(tenant, () =>
    step(
      "mail kept as a file",
      () => until("no mail was made", async () => (await save()).at(0) ?? null),
      (file) => relative(stack.paths.root, file),
    ),
  );
  await subscribe(stack, tenant);
  if (once) {
    await step(
      "examined by the doctor",
      () => examineDemo(stack, tenant),
      (words) => words,
    );
    await step(
      "README's quickstart run",
      () => runQuickstart(stack),
      (words) => words,
    );
  }
  await step(
    "no secret in the databases' files",
    () => findNoSecret(stack.paths, tenant.apiKey),
    ({ files, secrets }) => `${secrets} secrets looked for in ${files} files`,
  );
  if (once) return;
  keepSavingMails(save);
  sayWhereToGo(stack, tenant, await offerInvoice(tenant), await makePortalLink(tenant));
});
