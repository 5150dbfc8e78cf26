// The fields by which an account is connected with a key.

import type { AppError } from "../../platform/app-error.ts";
import { TextField } from "./field.tsx";
import { PublishableKeyField, SecretKeyField } from "./stripe-fields.tsx";

export function ConnectByKeyForm(props: {
  name: string;
  /** Whether a person makes the event destination at Stripe. */
  byHand: boolean;
  /** Where it leads once the account is connected. */
  next: string;
  livemode: boolean;
  problem: AppError | null;
}) {
  const { name, byHand, next, problem } = props;
  return (
    <>
      <input type="hidden" name="next" value={next} />
      <SecretKeyField {...props} />
      <PublishableKeyField {...props} />
      <TextField name="name" label="Connection name" value={name} maxlength={200} problem={problem} />
      <fieldset class="choice">
        <legend>Webhook</legend>
        <label>
          <input type="radio" name="webhook_setup" value="automatic" checked={!byHand} />
          <span>
            Made for you <span class="muted">Quittance makes the event destination at Stripe.</span>
          </span>
        </label>
        <label>
          <input type="radio" name="webhook_setup" value="manual" checked={byHand} />
          <span>
            By hand <span class="muted">You make it in Workbench; the next page says how.</span>
          </span>
        </label>
      </fieldset>
    </>
  );
}
