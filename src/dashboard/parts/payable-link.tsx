// The warning that a link which must not be paid any more may still be: Stripe was not reached, or refused.

import { Notice } from "./panel.tsx";

export function PayableLink() {
  return (
    <div class="page-note">
      <Notice tone="bad">
        <p class="notice-title">
          A payment link of this invoice that must not be paid any more could not be switched off at Stripe.
        </p>
        <p>
          Money could still come by it; it would be recorded, not dropped. If it cannot wait, deactivate the
          link in Stripe's dashboard under Payment Links. What stands in the way is said below.
        </p>
      </Notice>
    </div>
  );
}
