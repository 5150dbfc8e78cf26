// Whether it is reached, is ready, and takes our root token: without these nothing else can be asked.

import * as z from "zod";
import type { Patient } from "./examine.ts";
import { check, Remediable, type Report } from "./report.ts";

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
const keyring = z.object({
  keys: z.array(z.object({ id: z.string(), status: z.string(), secrets: z.number() })),
});

/** @returns whether the rest can be asked */
export async function examineReadiness(patient: Patient, report: Report): Promise<boolean> {
  const isUp = await check(
    report,
    "reachable",
    () => reach(patient),
    "Is it deployed (npm run deploy), and is this the origin of its route, custom domain or workers.dev address?",
  );
  if (!isUp) return false;
  const isRoot = await check(
    report,
    "ROOT_TOKEN",
    () => tryRootToken(patient),
    "Give the ROOT_TOKEN that npm run setup left in .secrets/, or set another: npx wrangler secret put ROOT_TOKEN",
  );
  return (await lookAtChecks(patient, report)) && isRoot === true;
}

async function reach({ url }: Patient) {
  if (url.startsWith("http:") && !isLocal(url)) {
    throw new Remediable("it is plain http", "Give its https origin: tokens must not travel in clear.");
  }
  const beganMs = performance.now();
  const response = await ask(url, "/healthz");
  if (!response.ok) throw new Error(`/healthz answers ${response.status}`);
  return { detail: `answers within ${Math.round(performance.now() - beganMs)} ms`, found: true };
}

/** Nobody but root may read the keyring, and its answer says under which key the secrets lie. */
async function tryRootToken({ url, rootToken }: Patient) {
  const response = await ask(url, "/api/v1/keyring", rootToken);
  if ([401, 403].includes(response.status)) throw new Error("it is not this deployment's");
  if (!response.ok) {
    const why = ((await response.json().catch(() => ({}))) as { detail?: string }).detail;
    throw new Remediable(`/keyring answers ${response.status}`, why ?? "See the checks below.");
  }
  const { keys } = keyring.parse(await response.json());
  const words = keys.map(({ id, status, secrets }) => `${secrets} under ${id}, which ${status}`);
  return { detail: `taken; secrets: ${words.join("; ")}`, found: true };
}

/** Each check of /readyz is a line; its own words hold the remedy. */
async function lookAtChecks({ url, rootToken }: Patient, report: Report): Promise<boolean> {
  const answer = await check(
    report,
    "ready",
    async () => {
      const response = await ask(url, "/readyz", rootToken);
      const { ready, checks } = readiness.parse(await response.json());
      if (!ready) {
        for (const { name, ok, detail } of checks) if (!ok) tell(report, name, ok, detail);
        const names = checks.flatMap(({ name, ok }) => (ok ? [] : [name]));
        throw new Remediable(
          `not for want of ${names.join(", ")}`,
          "Put right what is red above, then ask again.",
        );
      }
      return { detail: "it takes calls", found: checks };
    },
    "It did not answer /readyz as this version does: deploy it (npm run deploy).",
  );
  for (const { name, ok, detail } of answer ?? []) tell(report, name, ok, detail);
  return answer !== null;
}

function tell(report: Report, name: string, ok: boolean, detail: string): void {
  const [problem = detail, ...rest] = detail.split(/(?<=\.) /);
  if (ok) report({ state: "green", what: name, detail });
  else report({ state: "red", what: name, detail: problem, remedy: rest.join(" ") || detail });
}

export function isLocal(url: string): boolean {
  return /^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(url).hostname);
}

function ask(url: string, path: string, token?: string): Promise<Response> {
  return fetch(new URL(path, url), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(15_000),
    redirect: "manual",
  });
}
