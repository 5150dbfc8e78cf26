import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import {
  ACCOUNT,
  addEndpoint,
  addPlatform,
  HOUR_MS,
  type Sent,
  setUpDeliveries,
} from "./delivery-fixture.ts";
import { emitEvent } from "./emit-event.ts";

describe("what is sent", () => {
  it("carries a signature that Stripe's own library accepts, and only with the right secret", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup, { secrets: [{ value: "whsec_right", expiresAtMs: null }] });
    const event = setup.emit();
    await setup.scheduler.settle();
    expect((await verify(setup.sent[0], "whsec_right")).id).toBe(event.id);
    await expect(verify(setup.sent[0], "whsec_wrong")).rejects.toThrow(/No signatures found/);
    expect(setup.sent[0]?.headers["Stripe-Signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    expect(setup.sent[0]?.headers["User-Agent"]).toBe("Stripe/1.0 (+https://stripe.com/docs/webhooks)");
  });

  it("is signed with both secrets while one is rolled, and with the new one alone afterwards", async () => {
    const setup = setUpDeliveries();
    const rolled = { value: "whsec_old", expiresAtMs: setup.startMs + HOUR_MS };
    addEndpoint(setup, { secrets: [{ value: "whsec_new", expiresAtMs: null }, rolled] });
    setup.emit();
    await setup.scheduler.settle();
    await verify(setup.sent[0], "whsec_old");
    await verify(setup.sent[0], "whsec_new");
    await setup.scheduler.advance(2 * HOUR_MS);
    setup.emit();
    await setup.scheduler.settle();
    await verify(setup.sent[1], "whsec_new");
    await expect(verify(setup.sent[1], "whsec_old")).rejects.toThrow();
  });

  it("is stamped with the receiver's time even when the sandbox's clock was moved on", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup);
    await setup.scheduler.advance(100 * HOUR_MS);
    setup.emit();
    await setup.scheduler.settle();
    const stamped = Number(/t=(\d+)/.exec(setup.sent[0]?.headers["Stripe-Signature"] ?? "")?.[1]);
    expect(stamped).toBe(Math.floor(setup.startMs / 1000));
  });

  it("has the endpoint's API version, its own count of pending webhooks, and two-space indentation", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup, { version: "2024-06-20" });
    addEndpoint(setup, { url: "https://receiver.test/other" });
    setup.emit();
    await setup.scheduler.settle();
    const bodies = setup.sent.map((sent) => JSON.parse(sent.body));
    expect(bodies.map((body) => body.api_version).sort()).toEqual(["2024-06-20", "2026-10-28.endive"]);
    expect(bodies[0].pending_webhooks).toBe(2);
    expect(setup.sent[0]?.body).toBe(JSON.stringify(bodies[0], null, 2));
  });

  it("goes only to enabled endpoints that asked for the type of event", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup, { events: ["account.updated"], url: "https://receiver.test/asked" });
    addEndpoint(setup, { events: ["charge.succeeded"], url: "https://receiver.test/other" });
    addEndpoint(setup, { url: "https://receiver.test/off" }).endpoint.status = "disabled";
    setup.emit();
    await setup.scheduler.settle();
    expect(setup.sent.map((sent) => sent.url)).toEqual(["https://receiver.test/asked"]);
  });

  it("names the connected account to its platform's connect endpoints, and to nobody else", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup, { url: "https://receiver.test/own" });
    addPlatform(setup, "https://platform.test/connect");
    setup.emit();
    setup.world.oauthGrants[ACCOUNT] = "acct_platform";
    setup.emit();
    await setup.scheduler.settle();
    expect(setup.sent).toHaveLength(3);
    const accounts = setup.sent.map((sent) => [new URL(sent.url).pathname, JSON.parse(sent.body).account]);
    expect(accounts.sort()).toEqual([
      ["/connect", ACCOUNT],
      ["/own", undefined],
      ["/own", undefined],
    ]);
  });
});

describe("an event about an application", () => {
  it("goes to the application's platform alone", () => {
    const setup = setUpDeliveries();
    addEndpoint(setup);
    const platform = addPlatform(setup, "https://platform.test/connect");
    setup.world.oauthGrants[ACCOUNT] = "acct_platform";
    const application = { id: "ca_platform", object: "application", name: "Platform" } as const;
    emitEvent(setup.context, ACCOUNT, "account.application.deauthorized", application);
    expect(Object.keys(setup.account.deliveries)).toHaveLength(0);
    expect(Object.keys(platform.deliveries)).toHaveLength(1);
  });
});

function verify(sent: Sent | undefined, secret: string) {
  return Stripe.webhooks.constructEventAsync(
    sent?.body ?? "",
    sent?.headers["Stripe-Signature"] ?? "",
    secret,
  );
}
