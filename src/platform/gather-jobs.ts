// The queues for whoever brings many environments' events at once: what these want done within a moment goes to the
// queue in one call, and in few messages.

import type { Queues, WorkMessage } from "./jobs.ts";

// As long as the ledgers of one batch take to answer, about.
const MOMENT_MS = 20;

/** The same queues; each caller waits until its own work was sent, and hears of it where that failed. */
export function gatherJobs(queues: Queues): Queues {
  let gathered: { messages: WorkMessage[]; sent: Promise<void> } | null = null;
  return {
    ...queues,
    enqueueJobs(messages) {
      gathered ??= gather();
      gathered.messages.push(...messages);
      return gathered.sent;
    },
  };

  function gather() {
    const messages: WorkMessage[] = [];
    return { messages, sent: send(messages) };
  }

  async function send(messages: readonly WorkMessage[]): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
    gathered = null;
    await queues.enqueueJobs(messages);
  }
}
