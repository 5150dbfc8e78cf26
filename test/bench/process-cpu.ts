// What a process has cost so far, as the operating system counts it. Linux only: it is read from /proc
// (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html), in ticks of 10 ms.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const TICK_MS = 10;
const LOOK_EVERY_MS = 50;
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** Process ids of this process's children that run the program of this name. */
export function childrenNamed(name: string): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      const stat = readStat(pid);
      return stat !== null && stat.name === name && stat.parent === process.pid;
    });
}

/** CPU time of all threads since the process began, ms. @throws Error when it has ended */
export function cpuMsOf(pid: number): number {
  const stat = readStat(pid);
  if (!stat) throw new Error(`The process ${pid} has ended.`);
  return stat.cpuMs;
}

/**
 * Waits until the process has done nothing for `quietMs`, but for a tick or two of its own housekeeping.
 * @returns what it had cost by then, ms, and when it last did something, in ms of `performance.now()`
 * @throws Error when it is still busy after 10 minutes
 */
export async function untilQuiet(
  pid: number,
  quietMs: number,
): Promise<{ cpuMs: number; lastBusyMs: number }> {
  const deadlineMs = performance.now() + GIVE_UP_AFTER_MS;
  let busy = { cpuMs: cpuMsOf(pid), atMs: performance.now() };
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const [cpuMs, nowMs] = [cpuMsOf(pid), performance.now()];
    if (cpuMs > busy.cpuMs + 2 * TICK_MS) busy = { cpuMs, atMs: nowMs };
    else if (nowMs - busy.atMs >= quietMs) return { cpuMs, lastBusyMs: busy.atMs };
    if (nowMs > deadlineMs) throw new Error("The Worker does not come to rest.");
  }
}

function readStat(pid: number): { name: string; parent: number; cpuMs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in brackets and may hold any character: the fields begin after the last bracket.
    const end = text.lastIndexOf(")");
    const fields = text.slice(end + 2).split(" ");
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    if (parent === undefined || user === undefined || system === undefined) return null;
    return { name: text.slice(text.indexOf("(") + 1, end), parent, cpuMs: (user + system) * TICK_MS };
  } catch {
    // It has ended.
    return null;
  }
}
