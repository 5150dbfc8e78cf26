// The page on which whoever sits there shows once more that a session is theirs.

import type { Child, PropsWithChildren } from "hono/jsx";
import { ActPage } from "./act-page.tsx";
import { Form } from "./form-page.tsx";
import { Panel } from "./panel.tsx";

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
        <Form action={action} button="Confirm" back={cancel} problem={problem}>
          {children}
          <input type="hidden" name="next" value={next} />
        </Form>
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

/** The secret that the session was opened with, once more. */
export function AskAgain({ name, label, placeholder }: { name: string; label: Child; placeholder?: string }) {
  return (
    <>
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="password"
        placeholder={placeholder}
        required
        autocomplete="current-password"
        spellcheck={false}
      />
    </>
  );
}
