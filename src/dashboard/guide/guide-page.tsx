// The frame of a step of the guide: all steps with what is done, the step itself, and the way on.

import type { Child, PropsWithChildren } from "hono/jsx";
import { href } from "../hrefs.ts";
import { LiveRegion } from "../parts/live-region.tsx";
import { PageHead, Panel } from "../parts/panel.tsx";
import { Steps } from "../parts/steps.tsx";
import { GUIDE_STEPS, type GuideDone, type GuideStepName } from "./guide-state.ts";

export function guideHref(step: GuideStepName): string {
  return href(`/guide/${step}`);
}

export function GuidePage(
  props: PropsWithChildren<{ step: GuideStepName; done: GuideDone; said: Child; note: string }>,
) {
  const { step, done, said, note, children } = props;
  const index = GUIDE_STEPS.findIndex(({ name }) => name === step);
  return (
    <div class="guide">
      <LiveRegion name="steps" pending={false}>
        <ol class="guide-steps">
          {GUIDE_STEPS.map(({ name, title }) => (
            <li class={done[name] ? "done" : undefined}>
              <a href={guideHref(name)} aria-current={name === step ? "step" : undefined}>
                {title}
                {done[name] ? <span class="unseen"> (done)</span> : null}
              </a>
            </li>
          ))}
        </ol>
      </LiveRegion>
      <div>
        <PageHead title={`${index + 1}. ${GUIDE_STEPS[index]?.title}`} note={note} />
        {said}
        {children}
        <LiveRegion name="ways" pending={false}>
          <Ways index={index} isDone={done[step]} />
        </LiveRegion>
      </div>
    </div>
  );
}

function Ways({ index, isDone }: { index: number; isDone: boolean }) {
  const next = GUIDE_STEPS[index + 1];
  return (
    <p class="actions">
      {next === undefined ? (
        <a class="button primary" href={href("/")}>
          To the dashboard
        </a>
      ) : (
        <a class={isDone ? "button primary" : "button"} href={guideHref(next.name)}>
          {isDone ? `Next: ${next.title}` : "Later"}
        </a>
      )}
    </p>
  );
}

/** A list of what is so and what is not yet. */
export function Ticks({ ticks }: { ticks: readonly { words: Child; ok: boolean }[] }) {
  return (
    <ul class="ticks">
      {ticks.map(({ words, ok }) => (
        <li class={ok ? "done" : undefined}>
          <span class="unseen">{ok ? "Done: " : "Not yet: "}</span>
          {words}
        </li>
      ))}
    </ul>
  );
}

/** How far a new environment has come, on the first page. */
export function GuideOverview({ done, present }: { done: GuideDone; present: GuideStepName }) {
  return (
    <Panel title="First steps">
      <Steps
        steps={GUIDE_STEPS.map(({ name, title }) => ({
          title,
          done: done[name],
          content:
            name === present ? (
              <div class="actions">
                <a class="button primary" href={guideHref(name)}>
                  {done.connect ? "Go on" : "Begin"}
                </a>
              </div>
            ) : null,
        }))}
      />
    </Panel>
  );
}
