// The page before an act that touches much, or that cannot be taken back: what will happen, and the button.

import type { Child, PropsWithChildren } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";
import { newFormToken } from "../act.ts";
import { Notice, PageHead, Panel } from "./panel.tsx";

/** @param props.children what will happen, a list item each */
export function ConfirmForm(
  props: PropsWithChildren<{
    crumb: { words: Child; href: string };
    title: string;
    note?: string | null;
    action: string;
    /** Null where there is nothing to do. */
    button: string | null;
    danger?: boolean;
    problem?: AppError | null;
    /** Sent along. */
    fields?: Record<string, string | undefined>;
    /** What stands before the form, such as another one that changes what this one asks for. */
    before?: Child;
  }>,
) {
  const { crumb, problem, button } = props;
  const fields = Object.entries({ token: newFormToken(), ...props.fields });
  return (
    <div class="act">
      <p class="crumb">
        <a href={crumb.href}>{crumb.words}</a>
      </p>
      <PageHead title={props.title} note={props.note} />
      {props.before}
      <Panel title="What will happen">
        <form class="pad" method="post" action={props.action}>
          {problem ? (
            <Notice tone="bad">
              <p role="alert">{problem.message}</p>
            </Notice>
          ) : null}
          <ul>{props.children}</ul>
          {fields.map(([name, value]) =>
            value === undefined ? null : <input type="hidden" name={name} value={value} />,
          )}
          <div class="actions">
            {button === null ? null : (
              <button class={props.danger ? "danger" : "primary"} type="submit" name="confirm" value="yes">
                {button}
              </button>
            )}
            <a class="button" href={crumb.href}>
              {button === null ? "Back" : "Cancel"}
            </a>
          </div>
        </form>
      </Panel>
    </div>
  );
}
