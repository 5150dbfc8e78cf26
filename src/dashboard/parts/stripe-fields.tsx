// The fields into which Stripe's keys and secrets are pasted. Each says at once what was pasted, by how it begins; what
// was typed is never written into a page again.

import type { AppError } from "../../platform/app-error.ts";
import { PasteField, type PasteHint } from "./secret.tsx";

type Props = { problem: AppError | null; livemode: boolean };

/** @param props.required left out: it is */
export function SecretKeyField({
  problem,
  livemode,
  label = "Secret or restricted key",
}: Props & { label?: string }) {
  const mode = livemode ? "live" : "test";
  return (
    <PasteField
      name="secret_key"
      label={label}
      placeholder={`rk_${mode}_…`}
      help="It is sealed at once, and shown nowhere again."
      problem={problem}
      required
      hints={secretKeyHints(livemode)}
    />
  );
}

export function PublishableKeyField({ problem, livemode }: Props) {
  const mode = livemode ? "live" : "test";
  return (
    <PasteField
      name="publishable_key"
      label="Publishable key (optional)"
      placeholder={`pk_${mode}_…`}
      help="Only for a platform that shows Stripe's own fields on its pages."
      problem={problem}
      hints={publishableKeyHints(livemode)}
    />
  );
}

export function SigningSecretField({ problem }: Pick<Props, "problem">) {
  return (
    <PasteField
      name="webhook_secret"
      label="Signing secret"
      placeholder="whsec_…"
      help="On the destination's page in Workbench: Signing secret, Reveal."
      problem={problem}
      required
      hints={SIGNING_SECRET_HINTS}
    />
  );
}

function secretKeyHints(livemode: boolean): PasteHint[] {
  const [right, wrong] = livemode ? (["live", "test"] as const) : (["test", "live"] as const);
  const word = right === "test" ? "Test" : "Live";
  const misfit = `This is a ${wrong} key, and this environment is for ${right} mode.`;
  return [
    [`sk_${right}_`, "good", `${word} key ✓ fits this ${right} environment`],
    [`rk_${right}_`, "good", `Restricted ${right} key ✓ fits this ${right} environment`],
    [`sk_${wrong}_`, "bad", misfit],
    [`rk_${wrong}_`, "bad", misfit],
    ["pk_", "bad", "That is the publishable key. The secret key begins with sk_ or rk_."],
    ["whsec_", "bad", "That is a webhook's signing secret. The secret key begins with sk_ or rk_."],
    ["qt_", "bad", "That is an API key of Quittance. Stripe's begins with sk_ or rk_."],
    ["http", "bad", "That is an address. The secret key begins with sk_ or rk_."],
  ];
}

function publishableKeyHints(livemode: boolean): PasteHint[] {
  const [right, wrong] = livemode ? (["live", "test"] as const) : (["test", "live"] as const);
  return [
    [`pk_${right}_`, "good", `Publishable ${right} key ✓ fits this ${right} environment`],
    [`pk_${wrong}_`, "bad", `This is a ${wrong} key, and this environment is for ${right} mode.`],
    ["sk_", "bad", "That is a secret key: it goes into the field above, never here."],
    ["rk_", "bad", "That is a restricted key: it goes into the field above, never here."],
  ];
}

const SIGNING_SECRET_HINTS: PasteHint[] = [
  ["whsec_", "good", "Signing secret ✓"],
  ["we_", "bad", "That is the endpoint's id. The signing secret begins with whsec_."],
  ["ed_", "bad", "That is the destination's id. The signing secret begins with whsec_."],
  ["http", "bad", "That is an address: it goes to Stripe. The signing secret comes from there."],
  ["sk_", "bad", "That is an API key. The signing secret begins with whsec_."],
  ["rk_", "bad", "That is an API key. The signing secret begins with whsec_."],
  ["pk_", "bad", "That is an API key. The signing secret begins with whsec_."],
];
