// Rotates a destination's signing secret by form; the new one is in the answer to that form alone. A form rotates
// once from the secret that it was made for: sent twice, both answers show the same one.

import * as z from "zod";
import { findRotatedSecret, rotateSigningSecret } from "../../notifications/rotate-signing-secret.ts";
import { presentSecretVersion } from "../../notifications/signing-secrets.ts";
import type { AppError } from "../../platform/app-error.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../../platform/secret-overlap.ts";
import { attempt, callIdOf, formToken, readForm } from "../act.ts";
import { askLedger } from "../ask-ledger.ts";
import { type DashboardContext, pathId, sessionLedger } from "../dashboard-env.ts";
import { destinationHref } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ConfirmPage } from "../parts/confirm-page.tsx";
import { NewSecret } from "../parts/new-secret.tsx";
import { readFields } from "../read-query.ts";

const OVERLAPS = [
  [0, "end at once", "The secrets before it sign no more."],
  [60 * 60, "sign beside it for an hour", "The secrets before it sign beside it for an hour."],
  [DEFAULT_OVERLAP_SECONDS, "sign beside it for a day", "The secrets before it sign beside it for a day."],
  [MAX_OVERLAP_SECONDS, "sign beside it for 7 days", "The secrets before it sign beside it for 7 days."],
] as const;

const rotateForm = z.strictObject({
  overlap_seconds: z.coerce.number().int().min(0).max(MAX_OVERLAP_SECONDS).default(DEFAULT_OVERLAP_SECONDS),
  /** The version that the form was made for. */
  version: z.coerce.number().int().optional(),
});

export async function showRotation(c: DashboardContext) {
  return renderRotation(c, null);
}

export async function rotate(c: DashboardContext) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const id = pathId(c);
  const form = await readForm(c);
  const { overlap_seconds, version } = readFields(
    c,
    { overlap_seconds: form.get("overlap_seconds"), version: form.get("version") },
    rotateForm,
  );
  const token = formToken(form);
  if (form.get("confirm") !== "yes" || token === null || version === undefined) {
    return renderRotation(c, null);
  }
  const call = await callIdOf(c, token, [String(version)]);
  const key = `dashboard/${call}`;
  const isFirst = (await sessionLedger(c).claimCall({ key, fingerprint: call })) === null;
  const done = await attempt(() => rotateSigningSecret(deps, scope, id, overlap_seconds, version));
  const made = done.ok
    ? done.value
    : isFirst
      ? undefined
      : await findRotatedSecret(deps, scope, id, version + 1);
  if (made === undefined) return renderRotation(c, done.ok ? null : done.problem);
  const [, , overlap] = OVERLAPS.find(([seconds]) => seconds === overlap_seconds) ?? [];
  return renderPage(
    c,
    { title: "New signing secret", place: "Event destinations" },
    <NewSecret made={made} title="The secret is rotated" {...(overlap === undefined ? {} : { overlap })} />,
  );
}

/** @param problem why it was refused */
async function renderRotation(c: DashboardContext, problem: AppError | null) {
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const { destination } = await askLedger(c, { destination: ["getDestination", { id: pathId(c) }] });
  const path = destinationHref(destination.id);
  return renderPage(
    c,
    {
      title: "Rotate the signing secret",
      place: "Event destinations",
      status: problem?.status,
    },
    <ConfirmPage
      crumb={{ words: destination.url, href: path }}
      title="Rotate the signing secret"
      note={destination.description}
      action={`${path}/rotate-secret`}
      button="Rotate the secret"
      problem={problem}
      fields={{ version: String(await presentSecretVersion(deps, scope, destination.id)) }}
    >
      <li>A new secret is made. It is shown on the next page, that once.</li>
      <li>
        <label for="overlap_seconds">The secrets before it</label>{" "}
        <select id="overlap_seconds" name="overlap_seconds">
          {OVERLAPS.map(([seconds, words]) => (
            <option value={seconds} selected={seconds === DEFAULT_OVERLAP_SECONDS}>
              {words}
            </option>
          ))}
        </select>
      </li>
      <li>Until your platform has the new one, it must still be able to check with the one before.</li>
    </ConfirmPage>,
  );
}
