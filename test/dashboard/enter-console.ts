// Root's way into the console.

import { env } from "cloudflare:workers";
import { send } from "./browse.ts";

/** Signs in with ROOT_TOKEN and returns the cookie as a browser sends it back. */
export async function enterConsole(): Promise<string> {
  const page = await send("/console/sign-in", { token: env.ROOT_TOKEN });
  const [cookie] = (page.headers.get("set-cookie") ?? "").split(";");
  if (page.status !== 303 || !cookie) throw new Error(`Not signed in: ${page.status}`);
  return cookie;
}
