// A page with one form: where it came from, its fields, the button, and why it was refused.

import type { Child, PropsWithChildren } from "hono/jsx";
import type { AppError } from "../../platform/app-error.ts";
import { newFormToken } from "../act.ts";
import { ActPage, type Crumb } from "./act-page.tsx";
import { Notice } from "./panel.tsx";

type FormProps = PropsWithChildren<{
  action: string;
  button: string;
  /** The way out; left out: none is offered. */
  back?: string;
  /** Other buttons that send it. */
  ways?: Child;
  /** Why it was not taken: the API's refusal, or words. */
  problem: AppError | string | null;
  /** What the API calls the fields that show their own errors: these are not said twice. */
  paths?: readonly string[];
  danger?: boolean;
}>;

export function FormPage({
  crumb,
  title,
  note,
  before,
  wide = false,
  ...form
}: FormProps & {
  crumb: Crumb;
  title: string;
  note?: Child;
  before?: Child;
  /** Its fields stand beside one another. */
  wide?: boolean;
}) {
  return (
    <ActPage crumb={crumb} title={title} note={note} wide={wide}>
      {before}
      <section class="panel">
        <Form back={crumb.href} {...form} />
      </section>
    </ActPage>
  );
}

/** The form alone. Its hidden `token` makes it one call however often it is sent (`attemptOnce`). */
export function Form(props: FormProps) {
  const { action, button, back, ways, problem, paths = [], danger, children } = props;
  return (
    <form class="pad" method="post" action={action}>
      {problem === null ? null : (
        <Notice tone="bad">
          <p role="alert">{wordsOfProblem(problem, paths)}</p>
        </Notice>
      )}
      <input type="hidden" name="token" value={newFormToken()} />
      {children}
      <div class="actions">
        <button class={danger ? "danger" : "primary"} type="submit">
          {button}
        </button>
        {ways}
        {back === undefined ? null : (
          <a class="button" href={back}>
            Cancel
          </a>
        )}
      </div>
    </form>
  );
}

function wordsOfProblem(problem: AppError | string, paths: readonly string[]): string {
  if (typeof problem === "string") return problem;
  return isAtFields(problem, paths) ? "This was not taken: see below why." : problem.message;
}

function isAtFields({ errors = [] }: AppError, paths: readonly string[]): boolean {
  return errors.length > 0 && errors.every(({ path }) => paths.includes(path));
}
