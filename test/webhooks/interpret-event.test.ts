import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isStripeEventType, STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { EVENT_TABLE } from "../../src/webhooks/event-table.ts";
import type { Interpretation, StripeEventShape } from "../../src/webhooks/facts.ts";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { event, list, OUR_METADATA } from "./payloads/event.ts";
import { FIXTURES } from "./payloads/fixtures.ts";
import { invoiceOf2024, invoicePayment, newInvoice } from "./payloads/invoice-account.ts";

describe.each(STRIPE_EVENT_TYPE_NAMES)("%s", (type) => {
  const row = EVENT_TABLE[type];

  test("today's payload yields exactly what the table says", () => {
    expect(kinds(interpretEvent(FIXTURES[type].newest))).toEqual(row.yields);
  });

  test("the oldest payload yields exactly what the table says", () => {
    expect(kinds(interpretEvent(FIXTURES[type].oldest))).toEqual(row.yieldsBefore?.kinds ?? row.yields);
  });

  test("every fact is of the event's own second, in ms", () => {
    for (const shape of [FIXTURES[type].oldest, FIXTURES[type].newest]) {
      const result = interpretEvent(shape);
      const times = result.outcome === "facts" ? result.facts.map((fact) => fact.occurredAtMs) : [];
      expect(times).toEqual(times.map(() => shape.created * 1000));
    }
  });

  test("every field that the table says is read is one that Stripe's objects of this kind have", () => {
    const { object: kind } = FIXTURES[type].newest.data.object as { object: string };
    const known = payloads.filter((payload) => (payload as { object: string }).object === kind);
    for (const path of row.reads.flatMap((read) => read.split(" or "))) {
      if (path === "account (of the event itself)") continue;
      expect(
        known.some((payload) => hasPath(payload, path)),
        path,
      ).toBe(true);
    }
  });
});

const payloads = [
  ...Object.values(FIXTURES).flatMap(({ oldest, newest }) => [oldest.data.object, newest.data.object]),
  invoiceOf2024({ subscription_details: { metadata: OUR_METADATA }, amount_paid_off_stripe: 0 }),
  newInvoice({
    metadata: OUR_METADATA,
    payments: list("/v1/invoice_payments", [invoicePayment({ payment_intent: "pi_1" })]),
  }),
];

/** Its own, and those of the subscription that an invoice has a copy of. */
function withMetadata(object: object, metadata: unknown): object {
  const parent = { subscription_details: { metadata, subscription: "sub_1" } };
  return { ...object, metadata, ...("parent" in object && { parent }) };
}

describe("whatever a payload holds, the answer is facts or a reason", () => {
  const anyType = fc.constantFrom(...STRIPE_EVENT_TYPE_NAMES);

  test("arbitrary JSON in the object's place never throws", () => {
    fc.assert(
      fc.property(anyType, fc.jsonValue(), (type, object) => {
        expect(["facts", "ignored"]).toContain(interpretEvent(event(type, object)).outcome);
      }),
      { numRuns: 1000 },
    );
  });

  test("a real payload with any one field replaced by arbitrary JSON never throws nor yields a broken amount", () => {
    fc.assert(
      fc.property(anyType, fc.boolean(), fc.nat(), fc.jsonValue(), (type, old, index, value) => {
        const { oldest, newest } = FIXTURES[type];
        const result = interpretEvent(replaceField(old ? oldest : newest, index, value));
        if (result.outcome === "ignored") return;
        for (const fact of result.facts) {
          if ("amountMinor" in fact) {
            expect(Number.isSafeInteger(fact.amountMinor) && fact.amountMinor >= 0).toBe(true);
            expect(fact.currency).toMatch(/^[A-Z]{3}$/);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("metadata of strange types never throws and names nobody", () => {
    const strange = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.integer(),
      fc.array(fc.jsonValue()),
      fc.record({ invoice_id: fc.oneof(fc.integer(), fc.constant(null), fc.constant(" "), fc.object()) }),
    );
    fc.assert(
      fc.property(anyType, strange, (type, metadata) => {
        const { newest } = FIXTURES[type];
        const object = withMetadata(newest.data.object as object, metadata);
        const result = interpretEvent({ ...newest, data: { object } });
        for (const fact of result.outcome === "facts" ? result.facts : []) {
          const owner =
            "owner" in fact ? ("metadata" in fact.owner ? fact.owner.metadata : fact.owner) : null;
          expect(owner?.invoiceId ?? null).toBeNull();
        }
      }),
    );
  });

  test("a missing field that is needed is named", () => {
    const { id: _, ...withoutId } = FIXTURES["charge.succeeded"].newest.data.object as Record<
      string,
      unknown
    >;
    expect(interpretEvent(event("charge.succeeded", withoutId))).toMatchObject({
      outcome: "ignored",
      reason: "unreadable_payload",
      detail: expect.stringContaining("data.object.id"),
    });
    expect(interpretEvent(event("charge.succeeded", null))).toMatchObject({
      reason: "unreadable_payload",
      detail: expect.stringContaining("data.object:"),
    });
  });

  test("a needed field of the wrong type is named, and its value is not repeated", () => {
    const object = { ...(FIXTURES["refund.created"].newest.data.object as object), amount: "sk_live_secret" };
    const result = interpretEvent(event("refund.created", object));
    expect(result).toMatchObject({
      reason: "unreadable_payload",
      detail: expect.stringContaining("data.object.amount"),
    });
    expect(JSON.stringify(result)).not.toContain("sk_live_secret");
  });

  test("an object of another kind than the event's is not read", () => {
    const refund = FIXTURES["refund.created"].newest.data.object;
    expect(interpretEvent(event("charge.succeeded", refund))).toMatchObject({ reason: "unreadable_payload" });
  });

  test("a time that is no time is named", () => {
    const { newest } = FIXTURES["charge.succeeded"];
    for (const created of [Number.NaN, -1, 1e300]) {
      expect(interpretEvent({ ...newest, created })).toMatchObject({
        reason: "unreadable_payload",
        detail: expect.stringContaining("created"),
      });
    }
  });
});

describe("event types", () => {
  test.each(["invoice.created", "payment_method.attached", "toString", "__proto__", ""])(
    "%j is ignored as not used",
    (type) => {
      expect(interpretEvent(event(type, {}))).toMatchObject({
        outcome: "ignored",
        reason: "event_type_not_used",
      });
    },
  );

  test("what is not text is no event type", () => {
    for (const type of [null, 1, {}, ["refund.created"], undefined])
      expect(isStripeEventType(type)).toBe(false);
  });

  test("the list is the connection's: 39 types, each with a purpose and a row of the table", () => {
    expect(STRIPE_EVENT_TYPE_NAMES).toHaveLength(39);
    expect(Object.keys(EVENT_TABLE).toSorted()).toEqual(STRIPE_EVENT_TYPE_NAMES.toSorted());
  });
});

function kinds(result: Interpretation): string[] {
  return result.outcome === "facts" ? result.facts.map((fact) => fact.kind) : [];
}

function replaceField(shape: StripeEventShape, index: number, value: unknown): StripeEventShape {
  const object = shape.data.object as Record<string, unknown>;
  const names = Object.keys(object);
  return { ...shape, data: { object: { ...object, [names[index % names.length] ?? "id"]: value } } };
}

function hasPath(object: unknown, path: string): boolean {
  const pattern = new RegExp(
    `^${path
      .replace(/\[\d*\]/g, "[]")
      .replace(/[.[\]]/g, "\\$&")
      .replaceAll("*", "[^.]+")}$`,
  );
  return pathsOf(object).some((found) => pattern.test(found));
}

function pathsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return [`${path}[]`, ...value.flatMap((entry) => pathsOf(entry, `${path}[]`))];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = path ? `${path}.${name}` : name;
    return [here, ...pathsOf(inner, here)];
  });
}
