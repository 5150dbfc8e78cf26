// Cloudflare Access in these tests: teams with keys of their own, which sign assertions with real cryptography and publish
// the keys where Access does.

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { receivers } from "../harness/sandbox.ts";

export const AUD = "0123456789abcdef".repeat(4);

export type AccessTeam = {
  issuer: string;
  settings: { ACCESS_TEAM_DOMAIN: string; ACCESS_AUD: string; ACCESS_OPERATORS: string };
  /** How often its keys were asked for. */
  asked: () => number;
  /** Signs with a new key from now on; the one before stays published, as Access does it for a week. */
  rotate: () => Promise<void>;
  /** An assertion for Ada; `claims` take the place of its own, and undefined takes one away. */
  assert: (claims?: JWTPayload, options?: { published?: boolean }) => Promise<string>;
};

let teams = 0;

/** @param operators as ACCESS_OPERATORS names them */
export async function createTeam(operators = "ada@example.com"): Promise<AccessTeam> {
  const host = `team${++teams}.cloudflareaccess.com`;
  const issuer = `https://${host}`;
  const published: object[] = [];
  let [signing, asked] = [await newKey(published), 0];
  receivers.set(host, async (request) => {
    asked++;
    if (new URL(request.url).pathname !== "/cdn-cgi/access/certs") return new Response(null, { status: 404 });
    return Response.json({ keys: published });
  });
  return {
    issuer,
    settings: { ACCESS_TEAM_DOMAIN: issuer, ACCESS_AUD: AUD, ACCESS_OPERATORS: operators },
    asked: () => asked,
    rotate: async () => {
      signing = await newKey(published);
    },
    assert: async (claims = {}, { published: isPublished = true } = {}) => {
      const { privateKey, kid } = isPublished ? signing : await newKey([]);
      const seconds = Math.floor(Date.now() / 1000);
      const own = { aud: [AUD], iss: issuer, sub: "user-ada", email: "ada@example.com", type: "app" };
      const times = { iat: seconds, nbf: seconds, exp: seconds + 3600 };
      const header = { alg: "RS256", kid, typ: "JWT" };
      return new SignJWT({ ...own, ...times, ...claims }).setProtectedHeader(header).sign(privateKey);
    },
  };
}

async function newKey(published: object[]) {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = crypto.randomUUID();
  published.push({ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" });
  return { privateKey, kid };
}
