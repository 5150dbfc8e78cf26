// Runs what is to happen later, in the order of the sandbox's clock. A task stays in the world until it
// has been run, so a world that is saved in between loses nothing; an error in one never stops the others.

import type { SandboxOptions, ScheduledTask, World } from "./types.ts";

/** A webhook that hangs must not hold up the others when tasks run by themselves. */
const PARALLEL = 20;
/** Long enough that the events of one moment are all there before the first of them is sent. */
const TICK_MS = 25;
/** setTimeout takes at most 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;

export type TaskHandlers = Record<ScheduledTask["kind"], (task: ScheduledTask) => Promise<void>>;

export type Scheduler = {
  /** Milliseconds since the epoch: the options' clock plus what `advance` added. */
  now(): number;
  schedule(task: Omit<ScheduledTask, "id">): void;
  /** Runs one after another all that is due, until nothing is. Throws what a task threw, at the end. */
  settle(): Promise<void>;
  /** Moves the clock on by `ms`, stopping at each due time on the way. Throws what a task threw, at the end. */
  advance(ms: number): Promise<void>;
  /** From now on due tasks run by themselves. */
  start(): void;
  stop(): void;
};

export function createScheduler(setup: {
  world: World;
  options: SandboxOptions;
  handlers: TaskHandlers;
}): Scheduler {
  const { world, options, handlers } = setup;
  const running = new Map<string, Promise<void>>();
  let offsetMs = 0;
  let started = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const now = () => options.now() + offsetMs;

  function next(untilMs: number): ScheduledTask | null {
    const { shuffle } = world.deliveryPolicy;
    return pickNext(world.tasks, { untilMs, shuffle, skip: (task) => running.has(task.id) });
  }

  async function run(task: ScheduledTask, failures: unknown[]): Promise<void> {
    const work = handlers[task.kind](task).catch((error: unknown) => {
      failures.push(error);
    });
    running.set(task.id, work);
    await work;
    running.delete(task.id);
    const index = world.tasks.indexOf(task);
    if (index >= 0) world.tasks.splice(index, 1);
    options.onChange?.(world);
  }

  async function drain(untilMs: () => number, failures: unknown[]): Promise<void> {
    for (;;) {
      const task = next(untilMs());
      if (task) await run(task, failures);
      else if (running.size > 0) await Promise.all(running.values());
      else return;
    }
  }

  function tick(): void {
    timer = undefined;
    while (started && running.size < PARALLEL) {
      const task = next(now());
      if (!task) break;
      const failures: unknown[] = [];
      void run(task, failures).then(() => {
        for (const failure of failures) console.error(`Stripe sandbox: ${task.kind} failed`, failure);
        wake();
      });
    }
    wake();
  }

  function wake(): void {
    if (!started || running.size >= PARALLEL) return;
    const task = next(Number.POSITIVE_INFINITY);
    if (!task) return;
    const dueInMs = task.dueAtMs - now();
    clearTimeout(timer);
    timer = setTimeout(tick, Math.min(Math.max(dueInMs, TICK_MS), LONGEST_TIMER_MS));
    // The server must be able to end while a bank debit is still days away.
    if (typeof timer === "object" && "unref" in timer) (timer as { unref(): void }).unref();
  }

  return {
    now,
    schedule(task) {
      world.tasks.push({ ...task, id: `task_${crypto.randomUUID()}` });
      wake();
    },
    async settle() {
      const failures: unknown[] = [];
      await drain(now, failures);
      rethrow(failures);
    },
    async advance(ms) {
      if (!(ms >= 0)) throw new RangeError("advance takes a number of milliseconds that is not negative");
      const failures: unknown[] = [];
      const endMs = now() + ms;
      for (let task = next(endMs); task; task = next(endMs)) {
        offsetMs += Math.max(0, task.dueAtMs - now());
        await run(task, failures);
      }
      offsetMs += Math.max(0, endMs - now());
      await drain(now, failures);
      wake();
      rethrow(failures);
    },
    start() {
      started = true;
      wake();
    },
    stop() {
      started = false;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** The earliest task due at or before `untilMs`; among equals the first set, or any when `shuffle`. */
function pickNext(
  tasks: readonly ScheduledTask[],
  which: { untilMs: number; shuffle: boolean; skip: (task: ScheduledTask) => boolean },
): ScheduledTask | null {
  let picked: ScheduledTask | null = null;
  let equals = 0;
  for (const task of tasks) {
    if (task.dueAtMs > which.untilMs || which.skip(task)) continue;
    if (picked === null || task.dueAtMs < picked.dueAtMs) {
      picked = task;
      equals = 1;
    } else if (which.shuffle && task.dueAtMs === picked.dueAtMs) {
      // One pass: the n-th of n equals replaces the pick with chance 1/n, which makes all equally likely.
      equals += 1;
      if (Math.random() * equals < 1) picked = task;
    }
  }
  return picked;
}

function rethrow(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} scheduled tasks failed`);
}
