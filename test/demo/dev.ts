// npm run dev: the same as the demo, without its scripted job. The Worker is built anew when a file changes.

import { connect } from "./main-job.ts";
import { prepareTenant } from "./prepare-tenant.ts";
import { run } from "./run.ts";
import { createMailSaver, keepSavingMails } from "./save-mails.ts";
import { sayWhereToGo } from "./where-to-go.ts";

await run("Quittance", false, async (stack) => {
  const tenant = await prepareTenant(stack);
  await connect(tenant);
  keepSavingMails(await createMailSaver(stack, tenant.apiKey));
  sayWhereToGo(stack, tenant);
});
