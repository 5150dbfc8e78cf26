import { describe, expect, test } from "vitest";
import { hiddenOf } from "../dashboard/action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "../dashboard/browse.ts";
import { callWith } from "../harness/call-with.ts";
import { createTenantWorld } from "../harness/world.ts";
import { begin, connectionsOf, consent, createConnectedWorld, RETURN_URL, visit } from "./connect-fixture.ts";

const FIELDS = { name: "Shop", return_url: RETURN_URL };
const NOT_SET = { STRIPE_CONNECT_CLIENT_ID: "", STRIPE_CONNECT_SECRET_KEY_TEST: "" };

describe("by the API", () => {
  test("it is refused where it is not set up, and said what the operator has to set", async () => {
    const { keys } = await createTenantWorld();
    const refused = await callWith(NOT_SET, "POST", "/api/v1/connections/oauth", {
      key: keys.admin,
      body: FIELDS,
    });
    expect([refused.status, refused.body.code]).toEqual([409, "connect_not_configured"]);
    expect(refused.body.detail).toContain("STRIPE_CONNECT_CLIENT_ID and STRIPE_CONNECT_SECRET_KEY_TEST");
  });

  test("the way back is an allowed origin, or our own", async () => {
    const world = await createTenantWorld();
    const ask = (return_url: string) => world.api("POST", "/connections/oauth", { name: "Shop", return_url });
    for (const wrong of ["javascript:alert(1)", "http://shop.example", "https://a:b@shop.example", "/back"]) {
      const refused = await ask(wrong);
      expect([wrong, refused.status, refused.body.errors?.[0].path]).toEqual([wrong, 422, "return_url"]);
    }
    expect((await ask("http://localhost:3000/back")).status).toBe(201);
    await world.api("PATCH", "/settings", { allowed_origins: ["https://shop.example"] });
    expect((await ask("https://evil.example/")).body.errors[0].message).toContain("allowed_origins");
    for (const right of ["https://shop.example/back", "https://quittance.test/dashboard/connections"])
      expect([right, (await ask(right)).status]).toEqual([right, 201]);
  });

  test("an environment that has its connection is told so", async () => {
    const world = await createConnectedWorld();
    expect(await world.api("POST", "/connections/oauth", FIELDS)).toMatchObject({
      status: 409,
      body: { code: "connection_exists" },
    });
  });

  test("after a disconnect the same account is connected anew", async () => {
    const world = await createConnectedWorld();
    expect((await world.api("DELETE", `/connections/${world.connectionId}`)).status).toBe(200);
    const page = await visit(await consent(await begin(world), { account: world.accountId }));
    expect(page.status).toBe(303);
    const [now, before] = await connectionsOf(world);
    expect([now.status, before.status]).toEqual(["active", "disconnected"]);
    expect(now.account.id).toBe(before.account.id);
  });
});

describe("in the dashboard", () => {
  const FORM = "/dashboard/connect-stripe";

  test("what it gives us and what not stands before the button, with its limits and the other way", async () => {
    const world = await createTenantWorld();
    const cookie = await signIn(world.keys.admin);
    expect(linksOf((await open("/dashboard/connections", cookie)).html)).toContain(FORM);
    const words = textOf((await open(FORM, cookie)).html);
    for (const said of [
      "Stripe does not limit this to ours",
      "Take a fee",
      "discourages this way",
      "restricted key",
    ])
      expect(words).toContain(said);
  });

  test("where it is not set up the page says what the operator has to do, and has no button", async () => {
    const world = await createTenantWorld();
    const headers = { cookie: await signIn(world.keys.admin) };
    for (const path of ["/dashboard/connections", FORM]) {
      const page = await callWith(NOT_SET, "GET", path, { headers });
      expect(textOf(page.body)).toContain("the operator has to set STRIPE_CONNECT_CLIENT_ID");
      expect(page.body).not.toContain(`action="${FORM}"`);
    }
  });

  test("a flow goes on in the browser that began it alone, and ends on the page of connections", async () => {
    const world = await createTenantWorld();
    const session = await signIn(world.keys.admin);
    const fields = { ...hiddenOf((await open(FORM, session)).html), name: "My shop", confirm: "yes" };
    const begun = await send(FORM, fields, { cookie: session });
    expect(begun.status).toBe(303);
    expect(begun.headers.get("set-cookie")).toMatch(
      /^__Host-quittance_connect=[\w-]{43}; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(begun.headers.get("content-security-policy")).toContain(
      "form-action 'self' http://stripe.sandbox",
    );
    const [browser = ""] = (begun.headers.get("set-cookie") ?? "").split(";");
    const path = await consent(begun.headers.get("location") ?? "", { account: world.accountId });
    for (const other of [undefined, session, "__Host-quittance_connect=stolen"]) {
      const refused = await visit(path, other);
      expect([refused.status, linksOf(refused.html)]).toEqual([403, []]);
    }
    expect(await connectionsOf(world)).toEqual([]);

    const back = new URL((await visit(path, browser)).headers.get("location") ?? "");
    expect(back.origin + back.pathname).toBe("https://quittance.test/dashboard/connections");
    const page = textOf((await open(back.pathname + back.search, session)).html);
    expect(page).toContain("The account is connected.");
    expect(page).toContain("Stripe Connect: no key of yours is kept");
    expect(await connectionsOf(world)).toMatchObject([{ name: "My shop", auth_type: "oauth" }]);
  });

  test("a form from another site, or of a key that may not, begins nothing", async () => {
    const world = await createTenantWorld();
    const from = { cookie: await signIn(world.keys.admin), from: "https://evil.example" };
    expect((await send(FORM, { confirm: "yes" }, from)).status).toBe(403);
    const writer = { cookie: await signIn(world.keys.write) };
    expect((await send(FORM, { confirm: "yes" }, writer)).status).toBe(403);
  });
});
