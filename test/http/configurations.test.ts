// Which deployments are ready, and what each of the others is told.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callWith } from "../harness/call-with.ts";

const PUBLIC = "https://billing.example.com";
const LOCAL = "http://localhost:8787";
const RESEND = {
  ...{ EMAIL_PROVIDER: "resend", EMAIL_FROM: "Acme <billing@acme.example>", RESEND_API_KEY: "re_1234567890" },
};
const OFF = { EMAIL_PROVIDER: "off" };
const ACCESS = {
  ACCESS_TEAM_DOMAIN: "https://acme.cloudflareaccess.com",
  ACCESS_AUD: "0123456789abcdef".repeat(4),
  ACCESS_OPERATORS: "ada@example.com, bob@example.com",
};
const withAccess = (settings: Settings): Settings => ({ PUBLIC_URL: PUBLIC, ...OFF, ...ACCESS, ...settings });

type Settings = Record<string, string | undefined>;
/** What `/readyz` says: nothing where it is ready. Where calls are answered all the same, that is said. */
type Row = [what: string, at: string, settings: Settings, red: string[], calls?: "answered"];

const CONFIGURATIONS: Row[] = [
  ["nothing set, on the developer's machine", LOCAL, { PUBLIC_URL: "" }, []],
  ["the same at an address", "http://127.0.0.1:8787", { PUBLIC_URL: undefined }, []],
  ["a loopback PUBLIC_URL", LOCAL, { PUBLIC_URL: LOCAL }, []],
  ["mails of development, there", LOCAL, { PUBLIC_URL: LOCAL, EMAIL_PROVIDER: "development" }, []],
  ["private destinations, there", LOCAL, { PUBLIC_URL: LOCAL, DESTINATIONS_ALLOW_PRIVATE: "true" }, []],
  ["deployed, with a provider", PUBLIC, { PUBLIC_URL: PUBLIC, ...RESEND }, []],
  ["deployed, mails off", PUBLIC, { PUBLIC_URL: PUBLIC, ...OFF }, []],
  [
    "deployed, nothing set",
    PUBLIC,
    { PUBLIC_URL: "" },
    ["PUBLIC_URL is not set", "EMAIL_PROVIDER is not set"],
  ],
  ["deployed, no PUBLIC_URL", PUBLIC, { PUBLIC_URL: "", ...OFF }, ["PUBLIC_URL is not set"]],
  [
    "deployed, a loopback PUBLIC_URL",
    PUBLIC,
    { PUBLIC_URL: LOCAL, ...OFF },
    ["PUBLIC_URL is a loopback address"],
  ],
  [
    "deployed, plain http",
    PUBLIC,
    { PUBLIC_URL: "http://billing.example.com", ...OFF },
    ["PUBLIC_URL is plain http"],
  ],
  ["deployed, no word on mails", PUBLIC, { PUBLIC_URL: PUBLIC }, ["EMAIL_PROVIDER is not set"], "answered"],
  [
    "deployed, mails of development",
    PUBLIC,
    { PUBLIC_URL: PUBLIC, EMAIL_PROVIDER: "development" },
    ["EMAIL_PROVIDER is development"],
  ],
  [
    "deployed, private destinations",
    PUBLIC,
    { PUBLIC_URL: PUBLIC, ...OFF, DESTINATIONS_ALLOW_PRIVATE: "true" },
    ["DESTINATIONS_ALLOW_PRIVATE is true"],
  ],
  [
    "deployed, a provider without its key",
    PUBLIC,
    { PUBLIC_URL: PUBLIC, ...RESEND, RESEND_API_KEY: undefined },
    ["RESEND_API_KEY is not set"],
  ],
  ["Cloudflare Access, for those who are named", PUBLIC, withAccess({}), []],
  ["Cloudflare Access, for everyone", PUBLIC, withAccess({ ACCESS_OPERATORS: "everyone" }), []],
  [
    "Cloudflare Access, of no application",
    PUBLIC,
    withAccess({ ACCESS_AUD: "" }),
    ["ACCESS_AUD is not set, but another setting of Cloudflare Access is"],
    "answered",
  ],
  [
    "Cloudflare Access, of an application's name",
    PUBLIC,
    withAccess({ ACCESS_AUD: "console" }),
    ["ACCESS_AUD is not an AUD tag"],
    "answered",
  ],
  [
    "Cloudflare Access, of no team",
    PUBLIC,
    withAccess({ ACCESS_TEAM_DOMAIN: undefined }),
    ["ACCESS_TEAM_DOMAIN is not set"],
    "answered",
  ],
  ...["acme.cloudflareaccess.com", "https://evil.example", "https://acme.cloudflareaccess.com/x"].map(
    (domain): Row => [
      `Cloudflare Access, of the team ${domain}`,
      PUBLIC,
      withAccess({ ACCESS_TEAM_DOMAIN: domain }),
      ["ACCESS_TEAM_DOMAIN is not the origin of a team"],
      "answered",
    ],
  ),
  [
    "Cloudflare Access, for nobody",
    PUBLIC,
    withAccess({ ACCESS_OPERATORS: " " }),
    ["ACCESS_OPERATORS is not set"],
    "answered",
  ],
  ...["*", "ada", "ada@example.com,", "Ada <ada@example.com>"].map(
    (named): Row => [
      `Cloudflare Access, for ${named}`,
      PUBLIC,
      withAccess({ ACCESS_OPERATORS: named }),
      ["ACCESS_OPERATORS is not a list of e-mail addresses"],
      "answered",
    ],
  ),
];

test.each(CONFIGURATIONS)("%s", async (_, origin, settings, red, calls) => {
  const asked = { origin, key: env.ROOT_TOKEN };
  const { status, body } = await callWith(settings, "GET", "/readyz", asked);
  const { ok, detail } = body.checks.find(({ name }: { name: string }) => name === "settings");
  expect({ status, ok }).toEqual(red.length === 0 ? { status: 200, ok: true } : { status: 503, ok: false });
  for (const words of red) expect(detail).toContain(words);

  const listed = await callWith(settings, "GET", "/api/v1/tenants", asked);
  const isAnswered = red.length === 0 || calls === "answered";
  expect(listed.status).toBe(isAnswered ? 200 : 503);
  if (!isAnswered)
    expect([listed.body.code, listed.body.detail]).toEqual([
      "not_configured",
      expect.stringContaining(red[0] ?? ""),
    ]);
});

test("what a browser or a mail is given names no host that a caller made up", async () => {
  const settings = { PUBLIC_URL: PUBLIC, ...OFF };
  const docs = await callWith(settings, "GET", "/docs/conventions", { origin: "https://evil.example" });
  expect(docs.status).toBe(200);
  expect(docs.body).toContain(PUBLIC);
  expect(docs.body).not.toContain("evil.example");
});
