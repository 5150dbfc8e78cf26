// Takes one message of the notifications queue. What is due stands in the database, so a message may come
// twice, late or never: the sweep sends what was lost.

import type { Deps } from "../platform/deps.ts";
import type { NotificationMessage } from "../platform/jobs.ts";
import { deliver } from "./deliver.ts";
import { fanOut, giveUpFanOut } from "./fan-out.ts";
import type { ObjectSource } from "./object-source.ts";

/** @throws whatever can pass, so that the queue tries again */
export async function consumeNotification(
  deps: Deps,
  objects: ObjectSource,
  message: NotificationMessage,
): Promise<void> {
  if (message.kind === "fan_out") return fanOut(deps, objects, message, message.notificationId);
  await deliver(deps, message, message.deliveryId);
}

/** For a message that failed at every try. A delivery has its own schedule, and is swept when it is due. */
export async function giveUpNotification(deps: Deps, message: NotificationMessage): Promise<void> {
  if (message.kind === "fan_out") await giveUpFanOut(deps, message, message.notificationId);
}
