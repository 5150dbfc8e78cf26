import { describe, expect, it } from "vitest";
import { takeFault } from "./faults.ts";
import { newWorld } from "./world.ts";

describe("a fault", () => {
  it("serves as many matching requests as it says, and then is gone", () => {
    const world = newWorld();
    world.faults.push({ kind: "rate_limit", times: 2, retryAfterSeconds: 7 });
    expect(takeFault(world, "POST", "/v1/payment_links")).toMatchObject({
      kind: "rate_limit",
      retryAfterSeconds: 7,
    });
    expect(takeFault(world, "GET", "/v1/events")?.kind).toBe("rate_limit");
    expect(takeFault(world, "POST", "/v1/payment_links")).toBeNull();
    expect(world.faults).toEqual([]);
  });

  it("is met only by its method and under its path", () => {
    const world = newWorld();
    world.faults.push({ kind: "server_error", times: 1, method: "POST", path: "/v1/payment_links" });
    expect(takeFault(world, "GET", "/v1/payment_links")).toBeNull();
    expect(takeFault(world, "POST", "/v1/customers")).toBeNull();
    expect(takeFault(world, "POST", "/v1/payment_links/plink_1")?.kind).toBe("server_error");
  });

  it("is met only by calls with its key, where it names one", () => {
    const world = newWorld();
    world.faults.push({ kind: "server_error", times: 1, key: "sk_test_alpha_1" });
    expect(takeFault(world, "GET", "/v1/events", "sk_test_beta_1")).toBeNull();
    expect(takeFault(world, "GET", "/v1/events", "sk_test_alpha_1")?.kind).toBe("server_error");
  });

  it("gives way to one that was set before it", () => {
    const world = newWorld();
    world.faults.push({ kind: "cut_after", times: 1 }, { kind: "cut_before", times: 1 });
    expect(takeFault(world, "GET", "/v1/events")?.kind).toBe("cut_after");
    expect(takeFault(world, "GET", "/v1/events")?.kind).toBe("cut_before");
  });
});
