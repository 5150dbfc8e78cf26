import { afterEach, describe, expect, test, vi } from "vitest";
import type { OutgoingMail } from "../../src/mail/mail-provider.ts";
import { cloudflareProvider } from "../../src/mail/providers/cloudflare.ts";
import { developmentProvider } from "../../src/mail/providers/development.ts";
import { postmarkProvider } from "../../src/mail/providers/postmark.ts";
import { resendProvider } from "../../src/mail/providers/resend.ts";
import { receivers } from "../harness/sandbox.ts";
import { answerAs } from "./mail-fixture.ts";

const MAIL: OutgoingMail = {
  idempotencyKey: "quittance-abc",
  from: { email: "billing@acme.example", name: "Acme, Inc." },
  to: "ada@example.com",
  replyTo: "support@acme.example",
  subject: "Invoice INV-7",
  text: "Hello",
  html: "<p>Hello</p>",
  reference: { quittance_0: "abc", quittance_1: "def" },
};

afterEach(() => receivers.clear());

describe("Resend", () => {
  const provider = resendProvider("re_secret_1234");
  test("is asked in one call, with the key that tells repeats", async () => {
    const asked = answerAs("api.resend.com", () => Response.json({ id: "49a3" }));
    expect(await provider.send(MAIL)).toEqual({ outcome: "sent", messageId: "49a3" });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe("https://api.resend.com/emails");
    expect(asked[0]?.headers).toMatchObject({
      authorization: "Bearer re_secret_1234",
      "idempotency-key": "quittance-abc",
      "content-type": "application/json",
      "user-agent": "Quittance",
    });
    expect(asked[0]?.body).toEqual({
      from: '"Acme, Inc." <billing@acme.example>',
      to: ["ada@example.com"],
      reply_to: "support@acme.example",
      subject: "Invoice INV-7",
      text: "Hello",
      html: "<p>Hello</p>",
      tags: [
        { name: "quittance_0", value: "abc" },
        { name: "quittance_1", value: "def" },
      ],
    });
  });
  const answers = [
    [403, "validation_error", "refused"],
    [422, "invalid_parameter", "refused"],
    [401, "missing_api_key", "refused"],
    [409, "invalid_idempotent_request", "unknown"],
    [302, "moved", "unknown"],
  ] as const;
  test.each(answers)("after %i %s the mail is %s", async (status, name, outcome) => {
    answerAs("api.resend.com", () => Response.json({ name, message: "The words." }, { status }));
    expect(await provider.send(MAIL)).toEqual({ outcome, reason: "Resend: The words." });
  });
  const retries = [
    [429, "rate_limit_exceeded", false],
    [409, "concurrent_idempotent_requests", true],
    [500, "application_error", true],
    [503, "service_unavailable", true],
  ] as const;
  test.each(retries)("after %i %s it may be asked again, in doubt: %s", async (status, name, inDoubt) => {
    const headers = { "retry-after": "7" };
    answerAs("api.resend.com", () => Response.json({ name, message: "Later." }, { status, headers }));
    expect(await provider.send(MAIL)).toMatchObject({ outcome: "retry", inDoubt, retryAfterSeconds: 7 });
  });
  test("after a connection that breaks it may be asked again, in doubt", async () => {
    receivers.set("api.resend.com", async () => {
      throw new TypeError("Network connection lost.");
    });
    expect(await provider.send(MAIL)).toEqual({
      outcome: "retry",
      inDoubt: true,
      reason: "Resend: Network connection lost.",
    });
  });
  test("the key never shows in the reason", async () => {
    const message = "The key re_secret_1234 is not valid";
    answerAs("api.resend.com", () => Response.json({ message }, { status: 401 }));
    expect(JSON.stringify(await provider.send(MAIL))).not.toContain("re_secret_1234");
  });
});

describe("Postmark", () => {
  const provider = postmarkProvider("pm-token-1234");
  test("is asked in one call, without tracking", async () => {
    const taken = { ErrorCode: 0, Message: "OK", MessageID: "b7bc2f4a" };
    const asked = answerAs("api.postmarkapp.com", () => Response.json(taken));
    expect(await provider.send({ ...MAIL, replyTo: null })).toEqual({
      outcome: "sent",
      messageId: "b7bc2f4a",
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe("https://api.postmarkapp.com/email");
    expect(asked[0]?.headers).toMatchObject({ "x-postmark-server-token": "pm-token-1234" });
    expect(asked[0]?.body).toEqual({
      From: '"Acme, Inc." <billing@acme.example>',
      To: "ada@example.com",
      Subject: "Invoice INV-7",
      TextBody: "Hello",
      HtmlBody: "<p>Hello</p>",
      Metadata: { quittance_0: "abc", quittance_1: "def" },
      MessageStream: "outbound",
      TrackOpens: false,
      TrackLinks: "None",
    });
  });
  test("an inactive recipient is refused in Postmark's words", async () => {
    const Message = "You tried to send to a recipient that has been marked as inactive.";
    answerAs("api.postmarkapp.com", () => Response.json({ ErrorCode: 406, Message }, { status: 422 }));
    expect(await provider.send(MAIL)).toEqual({ outcome: "refused", reason: `Postmark: ${Message}` });
  });
  const answers = [
    [429, "retry"],
    [500, "unknown"],
    [503, "unknown"],
    [408, "unknown"],
  ] as const;
  test.each(answers)("it has no key for repeats: after %i the mail is %s", async (status, outcome) => {
    answerAs("api.postmarkapp.com", () => new Response("", { status }));
    expect(await provider.send(MAIL)).toMatchObject({ outcome });
  });
  test("and after a connection that breaks it is unknown", async () => {
    receivers.set("api.postmarkapp.com", async () => {
      throw new TypeError("Network connection lost.");
    });
    const reason = "Postmark: Network connection lost.";
    expect(await provider.send(MAIL)).toEqual({ outcome: "unknown", reason });
  });
});

describe("Cloudflare", () => {
  test("the binding is called with both parts", async () => {
    const send = vi.fn().mockResolvedValue({ messageId: "<1@acme.example>" });
    const outcome = await cloudflareProvider({ send } as unknown as SendEmail).send(MAIL);
    expect(outcome).toEqual({ outcome: "sent", messageId: "<1@acme.example>" });
    expect(send.mock.calls).toEqual([
      [
        {
          from: { email: "billing@acme.example", name: "Acme, Inc." },
          to: "ada@example.com",
          replyTo: "support@acme.example",
          subject: "Invoice INV-7",
          text: "Hello",
          html: "<p>Hello</p>",
        },
      ],
    ]);
  });
  const errors = [
    ["E_RECIPIENT_SUPPRESSED", "refused"],
    ["E_SENDER_NOT_VERIFIED", "refused"],
    ["E_RATE_LIMIT_EXCEEDED", "retry"],
    ["E_INTERNAL_SERVER_ERROR", "unknown"],
    ["", "unknown"],
  ] as const;
  test.each(errors)("after '%s' the mail is %s", async (code, outcome) => {
    const error = Object.assign(new Error("the words"), code === "" ? {} : { code });
    const send = vi.fn().mockRejectedValue(error);
    const result = await cloudflareProvider({ send } as unknown as SendEmail).send(MAIL);
    expect(result).toMatchObject({ outcome, reason: expect.stringContaining("the words") });
  });
  test("silence is unknown", async () => {
    const send = vi.fn().mockReturnValue(new Promise(() => undefined));
    const result = await cloudflareProvider({ send } as unknown as SendEmail, 5).send(MAIL);
    expect(result).toEqual({ outcome: "unknown", reason: "Cloudflare did not answer within 0.005 s." });
  });
});

test("in development nothing leaves", async () => {
  // Any call would fail: the tests are offline.
  expect(await developmentProvider.send(MAIL)).toEqual({ outcome: "sent", messageId: null });
});
