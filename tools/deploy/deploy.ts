// npm run deploy: checks, migrations, deploy, in this order: the running version goes on with the database of the next.
// `--env staging` for the environment of that name, `--dry-run` to print each command and build only, `--skip-checks`
// where they have run elsewhere.

import { spawn } from "node:child_process";
import { readOptions } from "./options.ts";
import { makeResources, migrate } from "./resources.ts";
import { environmentFlags, environmentWords, ROOT, readTarget, type Target } from "./target.ts";
import { createWrangler } from "./wrangler.ts";

const say = (line = "") => console.log(line);

try {
  const { environment, isDry, skipsChecks } = readOptions(process.argv.slice(2));
  const target = readTarget(environment);
  const wrangler = createWrangler(isDry, say);
  const flags = environmentFlags(target);
  say(`Deploying ${target.worker}${isDry ? " (dry run: nothing is asked of Cloudflare)" : ""}\n`);
  // Workers Builds, by which the button deploys, has no browser and little time: the repository's own CI checks.
  if (skipsChecks || process.env.WORKERS_CI) say("Checks skipped.");
  else await check(isDry);
  await wrangler.runAlways(["deploy", "--dry-run", ...flags]);
  await makeResources(wrangler, target, say);
  await migrate(wrangler, target);
  await wrangler.change(["deploy", ...flags]);
  sayNext(target);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function check(isDry: boolean): Promise<void> {
  say("$ npm run check");
  if (isDry) return;
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", "check"], { cwd: ROOT, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (ended) => resolve(ended ?? 1));
  });
  if (code !== 0) throw new Error("The checks failed: nothing was deployed.");
}

function sayNext(target: Target): void {
  const url = target.vars.PUBLIC_URL || "https://…";
  say(`\nNext: ROOT_TOKEN=… npm run doctor -- ${url}`);
  say(`Back to the version before: npx wrangler rollback${environmentWords(target, "wrangler")}`);
}
