import { describe, expect, it, vi } from "vitest";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import type { ScheduledTask } from "./types.ts";
import { newWorld } from "./world.ts";

const START_MS = 1_800_000_000_000;
// Of a machine that has other things to do.
const PATIENCE = { timeout: 60_000 };

/** A scheduler whose tasks are named by `data.name` and do what `work` says. */
function setUp(work: (name: string, scheduler: Scheduler) => Promise<void> | void = () => {}) {
  const world = newWorld();
  const ran: { name: string; atMs: number }[] = [];
  const run = async (task: ScheduledTask) => {
    ran.push({ name: String(task.data.name), atMs: scheduler.now() - START_MS });
    await work(String(task.data.name), scheduler);
  };
  const scheduler = createScheduler({
    world,
    options: {
      now: () => START_MS,
      origin: "https://sandbox.test",
      autoRun: false,
      send: async () => ({ status: 200 }),
    },
    handlers: {
      deliver: run,
      settle_bank_debit: run,
      expire_session: run,
      settle_refund: run,
      subscription_step: run,
    },
  });
  const plan = (name: string, inMs: number) => scheduler.schedule(task(name, inMs));
  return { world, ran, scheduler, plan };
}

function task(name: string, inMs: number): Omit<ScheduledTask, "id"> {
  return { dueAtMs: START_MS + inMs, accountId: "acct_alpha", kind: "deliver", data: { name } };
}

describe("the scheduler", () => {
  it("runs what is due and what that makes due, and leaves the rest", async () => {
    const setup = setUp((name, scheduler) => {
      if (name === "first") scheduler.schedule(task("second", 0));
    });
    setup.plan("first", 0);
    setup.plan("later", 1);
    await setup.scheduler.settle();
    expect(setup.ran.map(({ name }) => name)).toEqual(["first", "second"]);
    expect(setup.world.tasks.map(({ data }) => data.name)).toEqual(["later"]);
  });

  it("stops the clock at each due time on the way, in order, also for what is set on the way", async () => {
    const setup = setUp((name, scheduler) => {
      if (name === "a") scheduler.schedule(task("between", 250));
    });
    setup.plan("c", 400);
    setup.plan("a", 100);
    setup.plan("beyond", 501);
    await setup.scheduler.advance(500);
    expect(setup.ran).toEqual([
      { name: "a", atMs: 100 },
      { name: "between", atMs: 250 },
      { name: "c", atMs: 400 },
    ]);
    expect(setup.scheduler.now()).toBe(START_MS + 500);
  });

  it("runs the others though one fails, and then throws what that one threw", async () => {
    const setup = setUp((name) => {
      if (name !== "good") throw new Error(`${name} broke`);
    });
    setup.world.deliveryPolicy.shuffle = false;
    setup.plan("bad", 0);
    setup.plan("good", 0);
    await expect(setup.scheduler.settle()).rejects.toThrow("bad broke");
    expect(setup.ran).toHaveLength(2);
    expect(setup.world.tasks).toHaveLength(0);
    setup.plan("bad", 10);
    setup.plan("worse", 20);
    await expect(setup.scheduler.advance(100)).rejects.toThrow(AggregateError);
  });

  it("keeps a task in the world until it has been run, so that a saved world loses none", async () => {
    const during: number[] = [];
    const setup = setUp(() => {
      during.push(setup.world.tasks.length);
    });
    setup.plan("one", 0);
    await setup.scheduler.settle();
    expect(during).toEqual([1]);
    expect(setup.world.tasks).toHaveLength(0);
  });

  it("once started runs tasks by itself, and one that hangs does not hold up the others", async () => {
    let release = () => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    const setup = setUp((name) => (name === "hangs" ? hanging : undefined));
    setup.plan("hangs", -1);
    setup.scheduler.start();
    setup.plan("quick", 0);
    await vi.waitFor(() => expect(setup.ran.map(({ name }) => name)).toEqual(["hangs", "quick"]), PATIENCE);
    expect(setup.world.tasks.map(({ data }) => data.name)).toEqual(["hangs"]);
    release();
    await setup.scheduler.settle();
    expect(setup.world.tasks).toHaveLength(0);
    setup.scheduler.stop();
  });

  it("does nothing by itself before it is started and after it is stopped", async () => {
    const setup = setUp();
    setup.plan("never", 0);
    setup.scheduler.start();
    setup.scheduler.stop();
    setup.plan("nor this", 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(setup.ran).toHaveLength(0);
  });

  it("refuses to go back in time", async () => {
    await expect(setUp().scheduler.advance(-1)).rejects.toThrow(RangeError);
  });
});
