// Whom Cloudflare Access has let in: the assertion that it puts on each request to the application is believed once its
// signature, issuer, audience and times were verified. The header alone counts, never the cookie of the same content: a
// browser sends that from any page.

import { JOSEError, JWTClaimValidationFailed } from "jose/errors";
import { createRemoteJWKSet } from "jose/jwks/remote";
import { jwtVerify } from "jose/jwt/verify";
import * as z from "zod";
import { type AccessConfig, isOperator } from "../platform/access-config.ts";
import { RecentMap } from "../platform/recent-map.ts";

/** A person of the operator's. */
export type AccessPerson = { id: string; email: string };

/** Who it is, or why nobody comes in by it, in a sentence with what to do. */
export type AccessAnswer = { ok: true; person: AccessPerson } | { ok: false; problem: string };

export const ASSERTION_HEADER = "cf-access-jwt-assertion";

const MOST_CHARACTERS = 8_192;
const TOLERANCE_SECONDS = 60;
// Keys live for six weeks and seven days more; an unknown one is asked for at once, twice a minute at the most.
const KEYS_SERVE_MS = 60 * 60 * 1000;

type Keys = ReturnType<typeof createRemoteJWKSet>;
const keysOf = new RecentMap<string, Keys>(4);

// https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/
const claimsSchema = z.object({ sub: z.string().min(1).max(200), email: z.string().min(3).max(320) });

/** @param assertion the header's value; null: there is none */
export async function findAccessPerson(
  access: AccessConfig,
  assertion: string | null,
  nowMs: number,
): Promise<AccessAnswer> {
  if (assertion === null) return refused(WORDS.missing);
  if (assertion.length > MOST_CHARACTERS) return refused(WORDS.unreadable);
  const { issuer, audience } = access;
  try {
    const { payload } = await jwtVerify(assertion, publishedBy(issuer), {
      issuer,
      audience,
      algorithms: ["RS256"],
      requiredClaims: ["exp"],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(nowMs),
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return refused(WORDS.noPerson);
    const { sub: id, email } = claims.data;
    if (!isOperator(access, email)) return refused(`${email} is not named in ACCESS_OPERATORS.`);
    return { ok: true, person: { id, email: email.toLowerCase() } };
  } catch (error) {
    return refused(wordsOn(error, issuer));
  }
}

function publishedBy(issuer: string): Keys {
  const known = keysOf.get(issuer);
  if (known) return known;
  const keys = createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer), { cacheMaxAge: KEYS_SERVE_MS });
  keysOf.set(issuer, keys);
  return keys;
}

const WORDS = {
  missing:
    "This request did not come through Cloudflare Access: its application has to cover /console and what lies under it, at this address.",
  unreadable: "What came as the assertion of Cloudflare Access is none.",
  expired:
    "The assertion of Cloudflare Access has expired. Load the page again, and Access asks you to sign in.",
  early: "The assertion of Cloudflare Access is not valid yet. Load the page again in a minute.",
  audience:
    "The assertion is for another application of Cloudflare Access: ACCESS_AUD has to be the AUD tag of this one.",
  issuer: "The assertion is another team's than that of ACCESS_TEAM_DOMAIN.",
  algorithm: "The assertion is not signed with RS256, as those of Cloudflare Access are.",
  unknownKey: "The assertion is signed with a key that the team of ACCESS_TEAM_DOMAIN does not publish.",
  signature: "The signature of the assertion is wrong.",
  claims: "The assertion lacks what one of Cloudflare Access has.",
  noPerson: "The assertion names no person: a service token does not open the console.",
} as const;

const BY_CODE: Record<string, string> = {
  ERR_JWT_EXPIRED: WORDS.expired,
  ERR_JOSE_ALG_NOT_ALLOWED: WORDS.algorithm,
  ERR_JWKS_NO_MATCHING_KEY: WORDS.unknownKey,
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: WORDS.unknownKey,
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: WORDS.signature,
  ERR_JWS_INVALID: WORDS.unreadable,
  ERR_JWT_INVALID: WORDS.unreadable,
  ERR_JOSE_NOT_SUPPORTED: WORDS.unreadable,
};

const BY_CLAIM: Record<string, string> = { aud: WORDS.audience, iss: WORDS.issuer, nbf: WORDS.early };

/** What is no fault of the assertion's is that the keys could not be had. */
function wordsOn(error: unknown, issuer: string): string {
  if (error instanceof JWTClaimValidationFailed) return BY_CLAIM[error.claim] ?? WORDS.claims;
  const known = error instanceof JOSEError ? BY_CODE[error.code] : undefined;
  return (
    known ?? `The keys of ${issuer} could not be had. Try again in a moment, or sign in with ROOT_TOKEN.`
  );
}

function refused(problem: string): AccessAnswer {
  return { ok: false, problem };
}
