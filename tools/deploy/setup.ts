// npm run setup: makes what a deployment needs in the account that wrangler is signed in to: the database, the queues
// with their dead-letter queues, and the two secrets. Again it changes nothing that is there. `--env staging` for the
// environment of that name; `--dry-run` prints each command and runs none.

import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { readOptions } from "./options.ts";
import { makeResources, migrate } from "./resources.ts";
import { secretsFile, setSecrets } from "./secrets.ts";
import { CONFIG, environmentWords, ROOT, readTarget, type Target } from "./target.ts";
import { createWrangler, type Wrangler } from "./wrangler.ts";
import { writeVars } from "./write-vars.ts";

const QUESTIONS = {
  PUBLIC_URL:
    "Under which origin is it reached, such as https://billing.example.com or https://quittance.ACCOUNT.workers.dev?",
  EMAIL_PROVIDER: "Who sends the mails: cloudflare, resend, postmark, or off?",
};

const say = (line = "") => console.log(line);

try {
  const { environment, isDry, vars } = readOptions(process.argv.slice(2));
  const target = readTarget(environment);
  const wrangler = createWrangler(isDry, say);
  say(`Setting up ${target.worker}${isDry ? " (dry run: nothing is asked of Cloudflare)" : ""}\n`);
  await mustBeSignedIn(wrangler);
  await keepVars(target, await withAnswers(target, vars, isDry), isDry);
  await makeResources(wrangler, target, say);
  await migrate(wrangler, target);
  const set = await setSecrets(wrangler, target, ROOT, process.env);
  sayNext(target, set, isDry);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function mustBeSignedIn(wrangler: Wrangler): Promise<void> {
  const ran = await wrangler.ask(["whoami"]);
  if (ran !== null && (ran.code !== 0 || /not authenticated/i.test(ran.output))) {
    throw new Error(
      "wrangler is not signed in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID where the token has several accounts).",
    );
  }
}

/** What the flags leave open is asked where somebody is there to answer; an empty answer leaves it for later. */
async function withAnswers(
  { vars: present }: Target,
  given: Record<string, string>,
  isDry: boolean,
): Promise<Record<string, string>> {
  const open = Object.entries(QUESTIONS).filter(([name]) => given[name] === undefined && !present[name]);
  if (isDry || !process.stdin.isTTY || open.length === 0) return given;
  const answers = { ...given };
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  for (const [name, question] of open) {
    const answer = (await lines.question(`${question} (empty: later) `)).trim();
    if (answer !== "") answers[name] = answer;
  }
  lines.close();
  return answers;
}

async function keepVars({ environment }: Target, vars: Record<string, string>, isDry: boolean) {
  const names = Object.keys(vars);
  if (names.length === 0) return;
  const toml = writeVars(await readFile(CONFIG, "utf8"), environment, vars);
  if (!isDry) await writeFile(CONFIG, toml);
  say(`✓ ${isDry ? "would be written" : "written"} into wrangler.toml: ${names.join(", ")}`);
}

function sayNext(target: Target, set: readonly string[], isDry: boolean): void {
  const file = relative(ROOT, secretsFile(ROOT, target));
  say();
  if (set.length === 0) say("The secrets were there already and stay as they are.");
  else if (isDry) say(`${set.join(" and ")} would be made at random and kept in ${file}.`);
  else {
    say(
      `${set.join(" and ")} set. They lie in ${file}: take them to where you keep passwords, and delete it.`,
    );
    say("What is sealed under a lost ENCRYPTION_KEYS cannot be opened again.");
  }
  const { PUBLIC_URL } = readTarget(target.environment).vars;
  if (!PUBLIC_URL && !isDry) say("PUBLIC_URL is not set yet in wrangler.toml: without it calls get a 503.");
  say(`\nNext: npm run deploy${environmentWords(target, "npm")}`);
}
