// Saves the mails that the Worker would have sent as files, to be opened in a mail program: a Worker itself
// can write none. They are taken from the dashboard, where they show as well.

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say } from "./report.ts";
import type { Stack } from "./start-stack.ts";

const EVERY_MS = 3_000;

/** Saves what is not there yet as `.wrangler/mails/<id>.eml`; gives the new files, newest mail first. */
export type MailSaver = () => Promise<string[]>;

/** Signs in, once. */
export async function createMailSaver(stack: Stack, apiKey: string): Promise<MailSaver> {
  const cookie = await signIn(stack.worker, apiKey);
  return () => saveMails(stack, cookie);
}

async function saveMails({ worker, paths }: Stack, cookie: string): Promise<string[]> {
  const page = (await read(`${worker}/dashboard/mails`, cookie)) ?? "";
  const ids = [...new Set(Array.from(page.matchAll(/\/dashboard\/mails\/([^"/?]+)"/g), ([, id = ""]) => id))];
  const folder = join(paths.folder, "mails");
  await mkdir(folder, { recursive: true });
  const saved: string[] = [];
  for (const id of ids) {
    const file = join(folder, `${decodeURIComponent(id).replaceAll(/[^\w.-]/g, "_")}.eml`);
    if (existsSync(file)) continue;
    const mail = await read(`${worker}/dashboard/mails/${id}/file`, cookie);
    // Not written yet, or never: its invoice was closed before its turn came.
    if (mail === null) continue;
    await writeFile(file, mail);
    saved.push(file);
  }
  return saved;
}

/** Goes on saving while the run lasts. */
export function keepSavingMails(save: MailSaver): void {
  const timer = setInterval(async () => {
    try {
      for (const file of await save()) say(`  Mail saved: ${file}`);
    } catch (error) {
      clearInterval(timer);
      say(`  Mails are no longer saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  }, EVERY_MS);
  timer.unref();
}

async function signIn(worker: string, apiKey: string): Promise<string> {
  const response = await fetch(`${worker}/dashboard/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: worker },
    body: new URLSearchParams({ key: apiKey, next: "/dashboard/mails" }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`The dashboard lets the demo's key not in (${response.status}).`);
  return cookie;
}

async function read(url: string, cookie: string): Promise<string | null> {
  const response = await fetch(url, { headers: { cookie } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response.text();
}
