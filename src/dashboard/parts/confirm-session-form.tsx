// The page on which whoever sits there shows once more that a session is theirs.

import type { PropsWithChildren } from "hono/jsx";
import { ActPage } from "./act-page.tsx";
import { Notice, Panel } from "./panel.tsx";

type ConfirmSessionProps = PropsWithChildren<{
  /** Which acts ask for it. */
  note: string;
  /** What is shown: "Your API key". */
  title: string;
  /** Where the form goes. */
  action: string;
  /** Where it goes on from there. */
  next: string;
  /** Where it goes without. */
  cancel: string;
  problem: string | null;
}>;

export function ConfirmSessionForm(props: ConfirmSessionProps) {
  const { note, title, action, next, cancel, problem, children } = props;
  return (
    <ActPage crumb={{ words: "Cancel", href: cancel }} title="Confirm that it is you" note={note}>
      <Panel title={title}>
        <form class="pad" method="post" action={action}>
          {problem === null ? null : (
            <Notice tone="bad">
              <p role="alert">{problem}</p>
            </Notice>
          )}
          {children}
          <input type="hidden" name="next" value={next} />
          <div class="actions">
            <button class="primary" type="submit">
              Confirm
            </button>
            <a class="button" href={cancel}>
              Cancel
            </a>
          </div>
        </form>
      </Panel>
    </ActPage>
  );
}

/** For a person who has no secret with us: a browser that was left open does not tick it by itself. */
export function ThatIsMe({ name }: { name: string }) {
  return (
    <div class="field check">
      <input id="confirm" type="checkbox" name="confirm" value="yes" required />
      <label for="confirm">I am {name}, and this is my session.</label>
    </div>
  );
}
