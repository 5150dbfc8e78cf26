// npm run doctor -- URL: examines a deployment from outside, a line for each thing, green or red with its remedy. Ends
// with 0 where nothing is red, with 1 where something is, with 2 where it was asked wrongly.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { ROOT } from "../deploy/target.ts";
import { examine } from "./examine.ts";
import { isLocal } from "./readiness.ts";
import { type Finding, toLines } from "./report.ts";

const USAGE = `Usage: npm run doctor -- URL [flags]

  --root-token TOKEN       or the environment variable ROOT_TOKEN; of the demo it is found
  --api-key qt_…           tests the connections of that environment; may be given again
  --stripe-test-key sk_…   sends a synthetic event by a connection with this key, and then runs the whole flow at Stripe
  --receiver-url https://… where this machine is reached from there, such as a tunnel that ends at --receiver-port
  --receiver-port 8790`;

const given = read();
if (typeof given === "string") {
  console.error(`${given}\n\n${USAGE}`);
  process.exit(2);
}
const found: Finding[] = [];
await examine(given, (finding) => {
  found.push(finding);
  console.log(toLines(finding, process.stdout.isTTY === true));
});
const count = (state: Finding["state"]) => found.filter((finding) => finding.state === state).length;
console.log(`\n${count("green")} green, ${count("red")} red, ${count("open")} not looked at`);
process.exit(count("red") === 0 ? 0 : 1);

function read(): Parameters<typeof examine>[0] | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        "root-token": { type: "string" },
        "api-key": { type: "string", multiple: true, default: [] },
        "stripe-test-key": { type: "string" },
        "receiver-url": { type: "string" },
        "receiver-port": { type: "string", default: "8790" },
      },
    });
    const [address = ""] = positionals;
    if (positionals.length !== 1 || !URL.canParse(address)) return "Give the deployment's URL.";
    const url = new URL(address).origin;
    const local = isLocal(url) ? ofTheDemo() : { rootToken: undefined, apiKeys: [], stripeKey: null };
    const rootToken = values["root-token"] ?? process.env.ROOT_TOKEN ?? local.rootToken;
    if (!rootToken) return "Give ROOT_TOKEN, by the environment variable or --root-token.";
    const stripeKey = values["stripe-test-key"] ?? null;
    if (stripeKey !== null && !/^(sk|rk)_test_/.test(stripeKey))
      return "--stripe-test-key takes a key of test mode alone: sk_test_… or rk_test_….";
    const apiKeys = values["api-key"];
    return {
      ...{ url, rootToken },
      apiKeys: apiKeys.length > 0 ? apiKeys : local.apiKeys,
      stripeKey: stripeKey ?? local.stripeKey,
      wholeFlow: stripeKey !== null,
      receiver: { url: values["receiver-url"] ?? null, port: Number(values["receiver-port"]) },
      patienceMs: 60_000,
      say: (line) => console.log(line),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What `npm run demo` and `npm run dev` have left in this folder; the sandbox makes the account that a key names. */
function ofTheDemo() {
  const text = (...path: string[]) => {
    try {
      return readFileSync(join(ROOT, ...path), "utf8");
    } catch {
      return "";
    }
  };
  const saved = /"apiKey":\s*"([^"]+)"/.exec(text(".wrangler", "demo.json"))?.[1];
  return {
    rootToken: parseEnv(text(".dev.vars")).ROOT_TOKEN,
    apiKeys: saved === undefined ? [] : [saved],
    stripeKey: "sk_test_doctor_4242",
  };
}
