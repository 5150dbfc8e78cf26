// A browser's part in these tests: it signs in, keeps the cookie, sends forms with their Origin.

import { exports } from "cloudflare:workers";
import { ORIGIN } from "../harness/api.ts";

export type Page = { status: number; headers: Headers; html: string };

/** Opens a page. Redirects are not followed: where they lead is what tests look at. */
export async function open(path: string, cookie?: string, origin = ORIGIN): Promise<Page> {
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
  return answer(new Request(`${origin}${path}`, { headers, redirect: "manual" }));
}

/** Sends a form as a browser does from a page of ours; `from` is another site's origin. */
export async function send(
  path: string,
  fields: Record<string, string> | URLSearchParams | [string, string][],
  options: { cookie?: string; from?: string; origin?: string } = {},
): Promise<Page> {
  const origin = options.origin ?? ORIGIN;
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    origin: options.from ?? origin,
    // Each form from an address of its own, so that no test is refused for another's calls.
    "cf-connecting-ip": crypto.randomUUID(),
    ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
  };
  const body = new URLSearchParams(fields).toString();
  return answer(new Request(`${origin}${path}`, { method: "POST", headers, body, redirect: "manual" }));
}

/** Signs in and returns the cookie as a browser sends it back. */
export async function signIn(key: string): Promise<string> {
  const page = await send("/dashboard/sign-in", { key });
  const [cookie] = (page.headers.get("set-cookie") ?? "").split(";");
  if (page.status !== 303 || !cookie)
    throw new Error(`Not signed in: ${page.status} ${page.html.slice(0, 500)}`);
  return cookie;
}

/** What a reader sees: the text between the tags, with entities as they are. */
export function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

/** The addresses of all links of a page. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );
}

async function answer(request: Request): Promise<Page> {
  const response = await exports.default.fetch(request);
  return { status: response.status, headers: response.headers, html: await response.text() };
}
