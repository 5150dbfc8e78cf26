// Steps in their order: done ones are ticked, and the present one is marked.

import type { Child } from "hono/jsx";

export type Step = { title: string; done: boolean; content?: Child };

/** The first that is not done is the present one; only its content and that of done ones is shown. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const present = steps.findIndex(({ done }) => !done);
  return (
    <ol class="steps">
      {steps.map(({ title, done, content }, index) => (
        <li
          class={done ? "done" : index === present ? "now" : ""}
          aria-current={index === present ? "step" : undefined}
        >
          <strong>
            {title}
            {done ? <span class="unseen"> (done)</span> : null}
          </strong>
          {done || index === present ? content : null}
        </li>
      ))}
    </ol>
  );
}
