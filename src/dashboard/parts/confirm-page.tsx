// The page before an act that touches much, or that cannot be taken back: what will happen, and the button.

import type { Child, PropsWithChildren } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";
import { newFormToken } from "../act.ts";
import { ActPage, type Crumb } from "./act-page.tsx";
import { Notice, Panel } from "./panel.tsx";

type ConfirmationProps = PropsWithChildren<{
  action: string;
  /** Null where there is nothing to do. */
  button: string | null;
  danger?: boolean;
  problem: AppError | null;
  /** Sent along, beside a token that makes the form one call however often it is sent. */
  fields?: Record<string, string | undefined>;
  /** What is asked before the button, such as a name to type. */
  ask?: Child;
}>;

/** @param props.children what will happen, a list item each */
export function ConfirmPage({
  crumb,
  title,
  note,
  before,
  ...confirmation
}: ConfirmationProps & {
  crumb: Crumb;
  title: string;
  note?: Child;
  /** What stands before the form, such as another one that changes what this one asks for. */
  before?: Child;
}) {
  return (
    <ActPage crumb={crumb} title={title} note={note}>
      {before}
      <Confirmation back={crumb.href} {...confirmation} />
    </ActPage>
  );
}

/** The form alone. @param props.ways beside the button and the way back */
export function Confirmation(props: ConfirmationProps & { back: string; ways?: Child }) {
  const { problem, button } = props;
  const fields = Object.entries({ token: newFormToken(), ...props.fields });
  return (
    <Panel title="What will happen">
      <form class="pad" method="post" action={props.action}>
        {problem ? (
          <Notice tone="bad">
            <p role="alert">{problem.message}</p>
          </Notice>
        ) : null}
        <ul>{props.children}</ul>
        {props.ask}
        {fields.map(([name, value]) =>
          value === undefined ? null : <input type="hidden" name={name} value={value} />,
        )}
        <div class="actions">
          {button === null ? null : (
            <button class={props.danger ? "danger" : "primary"} type="submit" name="confirm" value="yes">
              {button}
            </button>
          )}
          {props.ways}
          <a class="button" href={props.back}>
            {button === null ? "Back" : "Cancel"}
          </a>
        </div>
      </form>
    </Panel>
  );
}
