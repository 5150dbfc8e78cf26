import { expect, test } from "vitest";
import { connectionLook } from "../../src/dashboard/connection-look.ts";
import { jobView } from "../../src/dashboard/job-view.ts";
import { tellingPaymentStatus } from "../../src/dashboard/status-words.ts";
import { COLOURS } from "../../src/dashboard/style/base.ts";
import { duration, exactTime, relativeTime, shortTime } from "../../src/dashboard/time-words.ts";
import { contrast } from "../harness/contrast.ts";

const NOW = Date.parse("2026-11-21T09:30:00Z");
const MINUTE = 60_000;

test("times are UTC, with the year only where it is another", () => {
  expect(shortTime(NOW, NOW)).toBe("21 Nov, 09:30");
  expect(shortTime(Date.parse("2025-12-31T23:59:59Z"), NOW)).toBe("31 Dec 2025, 23:59");
  expect(exactTime(NOW)).toBe("2026-11-21 09:30:00 UTC");
});

test("how long ago is said in the unit that a person would use, also for what is to come", () => {
  const words = [0, 44_000, 50_000, 89 * MINUTE, 100 * MINUTE, 35 * 60 * MINUTE, 3 * 24 * 60 * MINUTE].map(
    (span) => relativeTime(NOW - span, NOW),
  );
  expect(words).toEqual([
    "just now",
    "just now",
    "1 min ago",
    "89 min ago",
    "2 h ago",
    "35 h ago",
    "3 days ago",
  ]);
  expect(relativeTime(NOW + 14 * 24 * 60 * MINUTE, NOW)).toBe("in 14 days");
});

test("a span is said in at most two units, and one that seems negative is under a second", () => {
  const words = [-500, 999, 1000, 59_999, 61_000, 3_600_000, 3_660_000, 90_000_000].map(duration);
  expect(words).toEqual([
    "under 1 s",
    "under 1 s",
    "1 s",
    "59 s",
    "1 min 1 s",
    "1 h",
    "1 h 1 min",
    "1 d 1 h",
  ]);
});

test("a payment status shows beside the invoice's own only where it says more", () => {
  expect(tellingPaymentStatus({ status: "open", paymentStatus: "unpaid" })).toBeNull();
  expect(tellingPaymentStatus({ status: "paid", paymentStatus: "paid" })).toBeNull();
  expect(tellingPaymentStatus({ status: "open", paymentStatus: "processing" })?.word).toBe("Processing");
  expect(tellingPaymentStatus({ status: "void", paymentStatus: "overpaid" })?.word).toBe("Overpaid");
});

test("a job that another version wrote, or that is broken, still has a name", () => {
  expect(jobView({ kind: "create_payment_link", subject: `{"invoiceId":"inv_1"}` })).toEqual({
    title: "Make the payment link",
    untilThen: "Until then the invoice cannot be paid by link.",
    invoiceId: "inv_1",
  });
  for (const subject of ["{", "null", "[]", `{"invoiceId":7}`]) {
    expect(jobView({ kind: "x", subject })).toEqual({ title: "X", untilThen: null, invoiceId: null });
  }
  for (const kind of ["constructor", "__proto__"]) {
    expect(jobView({ kind, subject: "{}" }).untilThen).toBeNull();
  }
});

test("a connection is green only where the last that was heard of Stripe came by a webhook that was taken in", () => {
  const [early, late] = ["2026-11-21T09:30:00Z", "2026-11-21T09:31:00Z"];
  const refused = { count_24h: 0, last_at: null, last_reason: null, since: null };
  const working = { status: "active", last_webhook_at: early, last_event_at: early, refused };
  const toneOf = (more: object) => connectionLook({ ...working, ...more } as never).tone;
  const wrong = { count_24h: 1, last_at: late, last_reason: "wrong_secret", since: late };
  expect(toneOf({})).toBe("good");
  expect(toneOf({ refused: wrong })).toBe("bad");
  expect(toneOf({ refused: { ...wrong, since: null } })).toBe("warn");
  expect(toneOf({ refused: { ...wrong, since: null }, last_webhook_at: null, last_event_at: null })).toBe(
    "warn",
  );
  expect(toneOf({ refused: { ...wrong, last_at: early, since: null }, last_webhook_at: late })).toBe("good");
  expect(toneOf({ refused: { ...wrong, last_reason: "disabled", since: null } })).toBe("good");
  expect(toneOf({ last_event_at: late })).toBe("warn");
  expect(toneOf({ last_webhook_at: null })).toBe("warn");
  expect(toneOf({ last_webhook_at: null, last_event_at: null })).toBe("info");
  expect(toneOf({ status: "disabled", refused: wrong })).toBe("idle");
  expect(toneOf({ status: "error" })).toBe("bad");
});

test("text meets a contrast of 4.5 to 1 on every surface that it stands on, light and dark", () => {
  const pairs: [keyof typeof COLOURS, (keyof typeof COLOURS)[]][] = [
    ["text", ["canvas", "surface", "sunken", "info-bg", "warn-bg", "bad-bg"]],
    ["muted", ["canvas", "surface", "sunken"]],
    ["accent", ["canvas", "surface", "sunken", "warn-bg", "bad-bg"]],
    ["accent-ink", ["accent"]],
    ...(["good", "info", "warn", "bad", "idle"] as const).map(
      (tone): [keyof typeof COLOURS, (keyof typeof COLOURS)[]] => [`${tone}-ink`, [`${tone}-bg`, "surface"]],
    ),
  ];
  for (const [ink, grounds] of pairs) {
    for (const ground of grounds) {
      for (const mode of [0, 1] as const) {
        const ratio = contrast(COLOURS[ink][mode], COLOURS[ground][mode]);
        expect([ink, ground, mode, ratio >= 4.5]).toEqual([ink, ground, mode, true]);
      }
    }
  }
});
