// What can be told of pasted credentials before Stripe is asked: what was pasted where, and of which mode.
// Pure: no I/O. A key's value never appears in what it says.

import { AppError, type ErrorCode, type FieldError } from "../platform/app-error.ts";
import { type Credentials, hasInnerWhiteSpace } from "./read-pasted.ts";

/**
 * Checks shapes and modes, all problems at once.
 * @throws AppError `validation_failed`, or `mode_mismatch` when only the modes are wrong
 */
export function checkCredentials(credentials: Credentials, environmentLivemode: boolean): void {
  const errors = [
    ...problem("secret_key", secretKeyProblem(credentials.secretKey)),
    ...problem("publishable_key", publishableKeyProblem(credentials.publishableKey)),
    ...problem("webhook_secret", webhookSecretProblem(credentials.webhookSecret)),
    ...problem("thin_webhook_secret", webhookSecretProblem(credentials.thinWebhookSecret ?? undefined)),
  ];
  if (errors.length > 0) throw refused("validation_failed", errors);
  const modes = [
    ...problem("secret_key", modeProblem(credentials.secretKey, environmentLivemode)),
    ...problem("publishable_key", modeProblem(credentials.publishableKey, environmentLivemode)),
  ];
  if (modes.length > 0) throw refused("mode_mismatch", modes);
}

/** `sk_test_…4242`: what may be shown of a key. */
export function secretKeyHint(secretKey: string): string {
  return `${/^(?:sk|rk)_(?:test|live)_/.exec(secretKey)?.[0] ?? ""}…${secretKey.slice(-4)}`;
}

const WHERE_KEYS =
  "You find it in Stripe's dashboard on the page API keys (https://dashboard.stripe.com/apikeys).";
const WHERE_SECRETS =
  "You find it in Stripe's dashboard in Workbench under Webhooks, at the event destination: 'Signing secret'.";

const BROKEN =
  "There is a space or a line break inside it: a line was broken, or something else was copied along. Copy it again, alone and whole.";

function secretKeyProblem(value: string | undefined): string | null {
  if (value === undefined || /^(sk|rk)_(test|live)_[A-Za-z0-9_]+$/.test(value)) return null;
  if (value === "") return `The secret key is empty. ${WHERE_KEYS}`;
  if (value.startsWith("pk_"))
    return `This is a publishable key (pk_…). The secret key begins with sk_ or rk_. ${WHERE_KEYS}`;
  if (value.startsWith("whsec_"))
    return `This is a webhook signing secret (whsec_…). The secret key begins with sk_ or rk_. ${WHERE_KEYS}`;
  if (/^https?:/i.test(value)) return `This is a URL. The secret key begins with sk_ or rk_. ${WHERE_KEYS}`;
  if (hasInnerWhiteSpace(value)) return BROKEN;
  if (/^(sk|rk)_(test|live)_/.test(value))
    return "The key has characters that no Stripe key has. Copy it again, whole.";
  return `A secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_. ${WHERE_KEYS}`;
}

function publishableKeyProblem(value: string | null | undefined): string | null {
  if (value === undefined || value === null || /^pk_(test|live)_[A-Za-z0-9_]+$/.test(value)) return null;
  if (/^(sk|rk)_/.test(value)) {
    return "This is a secret key: never put it where a publishable key goes. The publishable key begins with pk_.";
  }
  if (value !== "" && hasInnerWhiteSpace(value)) return BROKEN;
  return `A publishable key begins with pk_test_ or pk_live_. ${WHERE_KEYS}`;
}

function webhookSecretProblem(value: string | undefined): string | null {
  if (value === undefined || /^whsec_[A-Za-z0-9+/=_-]{8,}$/.test(value)) return null;
  if (value === "") return `The signing secret is empty. ${WHERE_SECRETS}`;
  if (/^https?:/i.test(value)) {
    return `This is a URL. The endpoint's URL goes to Stripe; the signing secret (whsec_…) comes from there. ${WHERE_SECRETS}`;
  }
  if (value.startsWith("we_"))
    return `This is the endpoint's id (we_…). The signing secret begins with whsec_. ${WHERE_SECRETS}`;
  if (/^(sk|rk|pk)_/.test(value))
    return `This is an API key. The signing secret begins with whsec_. ${WHERE_SECRETS}`;
  if (hasInnerWhiteSpace(value)) return BROKEN;
  return `A signing secret begins with whsec_. ${WHERE_SECRETS}`;
}

function modeProblem(value: string | null | undefined, environmentLivemode: boolean): string | null {
  if (!value) return null;
  const live = /^(sk|rk|pk)_live_/.test(value);
  if (live === environmentLivemode) return null;
  return live
    ? "This is a live key, and the environment is for test mode. Use a test key here, or a live environment."
    : "This is a test key, and the environment is live. Use a live key here, or a test environment.";
}

function problem(path: string, message: string | null): FieldError[] {
  return message === null ? [] : [{ path, message }];
}

function refused(code: ErrorCode, errors: FieldError[]): AppError {
  return new AppError(code, {
    detail: errors.map((error) => `${error.path}: ${error.message}`).join(" "),
    errors,
  });
}
