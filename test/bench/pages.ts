// npm run bench:pages: how long the dashboard's pages take to be answered, one after the other, and how much of them a
// browser loads that has nothing yet. In workerd itself, on the bundle that would be deployed.

import { availableParallelism, loadavg } from "node:os";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import { NAVIGATION } from "../../src/dashboard/layout/places.ts";
import { createApi } from "../../tools/doctor/single-calls.ts";
import { say, sayTable, step } from "../demo/report.ts";
import { until } from "../demo/until.ts";
import { prepare } from "./prepare.ts";
import { cpuMsOf } from "./process-cpu.ts";
import { runBench } from "./run-bench.ts";
import { sendAll, signAll } from "./send-webhooks.ts";
import type { Bench } from "./serve-worker.ts";
import type { BenchEnvironment, Payment } from "./world.ts";

// More than a list shows at once.
const PAYMENTS = 80;
const WARM_UP = 10;
const REQUESTS = 50;
const HOME = "/dashboard";
const AIM_MS = 40;
const AIM_KB = 20;

const stats = z.object({ totals: z.object({ events: z.object({ ignored: z.int(), processed: z.int() }) }) });

await runBench("pages", run);

async function run(bench: Bench): Promise<void> {
  const { environments, payments, serveCopy } = await prepare(bench, {
    paying: 1,
    unseen: 0,
    payments: PAYMENTS,
  });
  const { origin, pid } = await serveCopy([]);
  const [environment] = environments as [BenchEnvironment];
  await step(
    "payments taken in",
    () => takeIn(origin, environment, payments),
    () => `${payments.length}`,
  );
  const cookie = await signIn(origin, environment.apiKey);
  const open = (path: string) => read(`${origin}${path}`, cookie);
  const pages = await pagesOf(open);
  say(`\nMilliseconds to the end of a page's answer, of ${REQUESTS} requests one after the other\n`);
  const rows: { path: string; p50: number; p95: number; cpuMs: number }[] = [];
  for (const path of pages) rows.push({ path, ...(await timesOf(pid, () => open(path))) });
  sayTable(
    rows.map(({ path, p50, p95, cpuMs }) => [
      path,
      `p50 ${p50.toFixed(1).padStart(5)}   p95 ${p95.toFixed(1).padStart(5)}   CPU ${cpuMs.toFixed(1).padStart(4)}`,
    ]),
  );
  const slowest = Math.max(...rows.map(({ p50 }) => p50));
  const busy = `${loadavg()[0]?.toFixed(1)} programs ran at once on ${availableParallelism()} cores`;
  say(`\n  ${busy}; aim: p50 of a page at most ${AIM_MS} ms, ${slowest <= AIM_MS ? "reached" : "missed"}`);
  say("\nA cold load, gzipped: the page with its stylesheet and script\n");
  const loads = {
    "sign-in": await coldLoad(origin, "/dashboard/sign-in", ""),
    home: await coldLoad(origin, "/dashboard", cookie),
  };
  sayTable(Object.entries(loads).map(([name, bytes]) => [name, `${(bytes / 1024).toFixed(1)} KB`]));
  const largest = Math.max(...Object.values(loads));
  say(`\n  aim: at most ${AIM_KB} KB, ${largest <= AIM_KB * 1024 ? "reached" : "missed"}`);
}

async function takeIn(
  origin: string,
  environment: BenchEnvironment,
  payments: readonly Payment[],
): Promise<void> {
  const events = payments.flat();
  await sendAll(origin, await signAll(events));
  const api = createApi(origin, environment.apiKey);
  await until("not every event was taken in", async () => {
    const { ignored, processed } = (await api.get("/stats", stats)).totals.events;
    return ignored + processed >= events.length ? true : null;
  });
}

async function signIn(origin: string, key: string): Promise<string> {
  const response = await fetch(`${origin}/dashboard/sign-in`, {
    ...{ method: "POST", redirect: "manual" },
    headers: { origin, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ key }).toString(),
  });
  const [cookie] = response.headers.getSetCookie().map((one) => one.split(";")[0]);
  if (response.status !== 303 || cookie === undefined) throw new Error(`Not signed in: ${response.status}`);
  return cookie;
}

async function read(url: string, cookie: string): Promise<string> {
  const response = await fetch(url, { headers: { cookie }, redirect: "manual" });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} was answered ${response.status}.`);
  return text;
}

/** Every place of the navigation, and of each list that has something the page of its first. */
async function pagesOf(open: (path: string) => Promise<string>): Promise<string[]> {
  const lists = NAVIGATION.flatMap(({ places }) =>
    places.map(({ path }) => `/dashboard${path}`.replace(/\/$/, "")),
  );
  const pages = new Set(lists);
  for (const list of lists) {
    const links = (await open(list)).matchAll(/<th scope="row"[^>]*><a\b[^>]*\bhref="([^"?]*)"/g);
    const [first] = [...links].flatMap(([, href = ""]) =>
      href.startsWith(`${list}/`) && list !== HOME ? href : [],
    );
    if (first !== undefined) pages.add(first);
  }
  return [...pages].sort();
}

/** In ms; the CPU is that of one request, which holds on a busy machine, too. */
async function timesOf(
  pid: number,
  ask: () => Promise<unknown>,
): Promise<{ p50: number; p95: number; cpuMs: number }> {
  for (let count = 0; count < WARM_UP; count += 1) await ask();
  const times: number[] = [];
  const startCpuMs = cpuMsOf(pid);
  for (let count = 0; count < REQUESTS; count += 1) {
    const begunMs = performance.now();
    await ask();
    times.push(performance.now() - begunMs);
  }
  const cpuMs = (cpuMsOf(pid) - startCpuMs) / REQUESTS;
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), cpuMs };
}

/** @returns bytes */
async function coldLoad(origin: string, path: string, cookie: string): Promise<number> {
  const html = await read(`${origin}${path}`, cookie);
  const assets = [...html.matchAll(/<(?:link|script)\b[^>]*\b(?:href|src)="(\/[^"]*\.(?:css|js)[^"]*)"/g)];
  const texts = await Promise.all(assets.map(([, asset = ""]) => read(`${origin}${asset}`, cookie)));
  return [html, ...texts].reduce((bytes, text) => bytes + gzipSync(text).byteLength, 0);
}
