import { beforeAll, describe, expect, test } from "vitest";
import { originProblem, originSettingsErrors } from "../../src/platform/allowed-origins.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { ask, atStripe } from "./checkout-fixture.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
  const allowed_origins = [
    "https://app.example.com",
    "HTTPS://Pay.Example.com:443/",
    "http://localhost:3000",
  ];
  expect((await change({ allowed_origins })).status).toBe(200);
});

const change = (settings: object) => world.api("PATCH", "/settings", settings);

test("origins are kept as browsers write them", async () => {
  expect((await world.api("GET", "/settings")).body.allowed_origins).toEqual([
    "https://app.example.com",
    "https://pay.example.com",
    "http://localhost:3000",
  ]);
});

describe("a checkout session", () => {
  test.each([
    ["https://app.example.com/thanks?session={CHECKOUT_SESSION_ID}"],
    ["https://PAY.example.com:443/"],
    ["http://localhost:3000/thanks"],
  ])("sends payers to %s", async (success_url) => {
    expect(await ask(world, { success_url })).toMatchObject({ status: 201 });
  });

  test.each([
    ["success_url", "https://evil.example/", "https://evil.example"],
    ["cancel_url", "https://app.example.com:8443/", "https://app.example.com:8443"],
    ["cancel_url", "https://app.example.com.evil.example/", "https://app.example.com.evil.example"],
    ["success_url", "http://localhost:3001/", "http://localhost:3001"],
  ])(
    "with a %s at %s is refused with its origin and the setting, before Stripe is asked",
    async (path, url, origin) => {
      const before = atStripe(world).length;
      const answer = await ask(world, { [path]: url });
      expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
      const [error] = answer.body.errors;
      expect(answer.body.errors).toHaveLength(1);
      expect(error.path).toBe(path);
      for (const said of [origin, "allowed_origins", "https://pay.example.com", "PATCH /api/v1/settings"])
        expect(error.message).toContain(said);
      expect(atStripe(world)).toHaveLength(before);
    },
  );

  test("goes anywhere where nothing is said", async () => {
    const free = await createWorld();
    expect(await ask(free, { success_url: "https://anywhere.example/" })).toMatchObject({ status: 201 });
  });
});

describe("settings", () => {
  test.each([
    ["a path", "https://app.example.com/thanks", /origin alone.*https:\/\/app\.example\.com/],
    ["plain http", "http://app.example.com", /https:\/\//],
    ["no address", "app.example.com", /full URL/],
    ["any host of a domain", "https://*.example.com", /no wildcards/],
  ])("take no origin that is %s", async (_, origin, words) => {
    const answer = await change({ allowed_origins: [origin] });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      { path: "allowed_origins[0]", message: expect.stringMatching(words) },
    ]);
  });

  test("take no empty list", async () => {
    expect(await change({ allowed_origins: [] })).toMatchObject({ status: 422 });
  });

  test("hold success_redirect_url to them, whichever of the two is changed", async () => {
    const other = await createWorld();
    const patch = (settings: object) => other.api("PATCH", "/settings", settings);
    const success_redirect_url = "https://shop.example/thanks";
    expect(await patch({ success_redirect_url })).toMatchObject({ status: 200 });
    const refused = await patch({ allowed_origins: ["https://app.example.com"] });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "success_redirect_url" }] } });
    expect((await other.api("GET", "/settings")).body.allowed_origins).toBeNull();
    expect(await patch({ allowed_origins: ["https://shop.example"] })).toMatchObject({ status: 200 });
    expect(await patch({ success_redirect_url: "https://evil.example/" })).toMatchObject({
      status: 422,
      body: {
        errors: [{ path: "success_redirect_url", message: expect.stringContaining("allowed_origins") }],
      },
    });
    expect(
      await patch({ allowed_origins: null, success_redirect_url: "https://evil.example/" }),
    ).toMatchObject({
      status: 200,
    });
  });

  test("of a live environment name https alone", () => {
    const settings = {
      allowed_origins: ["https://a.example", "http://localhost:3000"],
      success_redirect_url: null,
    };
    expect(originSettingsErrors(settings, false)).toEqual([]);
    expect(originSettingsErrors(settings, true)).toEqual([
      { path: "allowed_origins[1]", message: expect.stringContaining("https://") },
    ]);
    expect(originProblem("https://a.example")).toBeNull();
  });
});
