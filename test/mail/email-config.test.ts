import { describe, expect, test } from "vitest";
import type { ConfigProblem } from "../../src/platform/config.ts";
import {
  describeEmail,
  type EmailSettings,
  parseAddress,
  readEmail,
} from "../../src/platform/email-config.ts";

function read(settings: EmailSettings, publicUrl: string | null = "https://billing.example.com") {
  const problems: ConfigProblem[] = [];
  return { email: readEmail(settings, publicUrl, problems), problems };
}

const FROM = { EMAIL_FROM: "Acme <billing@acme.example>" };

describe("where nothing is set", () => {
  const places = [
    ["https://billing.example.com", undefined],
    ["http://billing.example.com", undefined],
    [null, "development"],
    ["http://localhost:8787", "development"],
    ["http://127.0.0.1:8787", "development"],
  ] as const;
  test.each(places)("under %s the provider is %s", (publicUrl, provider) => {
    const { email, problems } = read({}, publicUrl);
    expect([email?.provider, problems]).toEqual([provider, []]);
  });
});

test("each provider has what it needs", () => {
  expect(read({ ...FROM, EMAIL_PROVIDER: "Resend", RESEND_API_KEY: "re_1234567890" }).email).toEqual({
    provider: "resend",
    apiKey: "re_1234567890",
    from: { email: "billing@acme.example", name: "Acme" },
    replyTo: null,
  });
  const postmark = { ...FROM, EMAIL_PROVIDER: "postmark", POSTMARK_SERVER_TOKEN: "1b2c3d4e-5f60" };
  expect(read({ ...postmark, EMAIL_REPLY_TO: "help@acme.example" }).email).toMatchObject({
    provider: "postmark",
    serverToken: "1b2c3d4e-5f60",
    replyTo: "help@acme.example",
  });
  expect(read({ ...FROM, EMAIL_PROVIDER: "cloudflare", EMAIL: {} })).toMatchObject({
    email: { provider: "cloudflare" },
    problems: [],
  });
  expect(read({ EMAIL_PROVIDER: "off" })).toEqual({ email: null, problems: [] });
});

describe("what is missing or wrong is named with its remedy, never with its value", () => {
  const wrong: [string, EmailSettings, string[]][] = [
    ["an unknown provider", { EMAIL_PROVIDER: "mailgun" }, ["EMAIL_PROVIDER"]],
    ["no sender and no key", { EMAIL_PROVIDER: "resend" }, ["EMAIL_FROM", "RESEND_API_KEY"]],
    [
      "an example as key",
      { ...FROM, EMAIL_PROVIDER: "resend", RESEND_API_KEY: "re_example_key" },
      ["RESEND_API_KEY"],
    ],
    [
      "a key with a line break",
      { ...FROM, EMAIL_PROVIDER: "postmark", POSTMARK_SERVER_TOKEN: "abcdefgh\r\nx: y" },
      ["POSTMARK_SERVER_TOKEN"],
    ],
    ["no binding", { ...FROM, EMAIL_PROVIDER: "cloudflare" }, ["EMAIL"]],
    [
      "two senders",
      { EMAIL_PROVIDER: "cloudflare", EMAIL: {}, EMAIL_FROM: "a@b.example, c@d.example" },
      ["EMAIL_FROM"],
    ],
    [
      "a wrong answer address",
      { ...FROM, EMAIL_PROVIDER: "cloudflare", EMAIL: {}, EMAIL_REPLY_TO: "nobody" },
      ["EMAIL_REPLY_TO"],
    ],
  ];
  test.each(wrong)("%s", (_, settings, names) => {
    const { problems } = read(settings);
    expect(problems.map(({ setting }) => setting)).toEqual(names);
    const text = JSON.stringify(problems);
    for (const value of [settings.RESEND_API_KEY, settings.POSTMARK_SERVER_TOKEN]) {
      if (value !== undefined) expect(text).not.toContain(value);
    }
    for (const { remedy } of problems) expect(remedy.length).toBeGreaterThan(20);
  });
});

test("an address is read with or without its name, and never as two", () => {
  expect(parseAddress('"Acme, Inc." <billing@acme.example>')).toEqual({
    email: "billing@acme.example",
    name: "Acme, Inc.",
  });
  expect(parseAddress(" billing@acme.example ")).toEqual({ email: "billing@acme.example", name: null });
  for (const text of [
    "",
    "acme",
    "a@b,c@d",
    "Acme <a@b> <c@d>",
    "a@b\r\nBcc: c@d",
    "<>",
    "A\r\nB <a@b.example>",
  ]) {
    expect(parseAddress(text)).toBeNull();
  }
});

test("/readyz's words name the provider and no secret", () => {
  const { email } = read({ ...FROM, EMAIL_PROVIDER: "resend", RESEND_API_KEY: "re_1234567890" });
  const none = { resend: null, postmark: null };
  expect(describeEmail(email, none)).toBe(
    "Sent by resend from billing@acme.example. What comes back is not taken in: set RESEND_WEBHOOK_SECRET, and a webhook to /api/v1/webhooks/mail/resend there.",
  );
  expect(describeEmail(email, { ...none, resend: "whsec_c2VjcmV0" })).toBe(
    "Sent by resend from billing@acme.example. What comes back is taken in.",
  );
  expect(describeEmail(null, none)).toContain("Off");
});
