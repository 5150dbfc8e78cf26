// Makes an API key by form. It is in the answer to that form alone: in no address and in no cache, and the same form
// sent again makes no other. It has at most what the session has.

import { RIGHT_WORDS, type Right, ROLE_RANK, rightsOfRole } from "../../directory/key-rights.ts";
import { createApiKey } from "../../directory/manage-api-keys.ts";
import { toNewKey } from "../../directory/routes.ts";
import { createApiKeyBody } from "../../directory/schema.ts";
import type { Role } from "../../http/app-env.ts";
import { validationFailed } from "../../http/router.ts";
import type { AppError } from "../../platform/app-error.ts";
import { isoTime } from "../../platform/iso-time.ts";
import { attemptOnce, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderPage } from "../layout/render.tsx";
import { ActPage } from "../parts/act-page.tsx";
import { SelectField, TextAreaField, TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { Panel } from "../parts/panel.tsx";
import { SecretOnce } from "../parts/secret.tsx";
import { firstUpper } from "../status-words.ts";

const PATH = "/api-keys";
const CRUMB = { words: "API keys", href: href(PATH) };
const DAY_MS = 24 * 60 * 60 * 1000;
const LASTS = [
  ["", "never"],
  ["7", "after 7 days"],
  ["30", "after 30 days"],
  ["90", "after 90 days"],
  ["365", "after a year"],
] as const;
const ROLES: Record<Role, string> = {
  admin: "Admin: everything, its rights below as ticked",
  write: "Write: all but connections, keys, destinations and settings",
  read: "Read: looks, and changes nothing",
};

/** As it was typed. */
type KeyFields = { name: string; role: string; rights: string[]; addresses: string; days: string };

export async function showNewApiKey(c: DashboardContext) {
  const { rights } = c.get("session").principal;
  return renderForm(c, { name: "", role: "read", rights: [...rights], addresses: "", days: "" }, null);
}

export async function makeApiKey(c: DashboardContext) {
  const form = await readForm(c);
  const fields: KeyFields = {
    name: (form.get("name") ?? "").trim(),
    role: form.get("role") ?? "",
    rights: form.getAll("rights"),
    addresses: form.get("allowed_addresses") ?? "",
    days: form.get("days") ?? "",
  };
  const { principal } = c.get("session");
  const asked = [fields.name, fields.role, fields.addresses, fields.days, ...fields.rights];
  const done = await attemptOnce(c, form, asked, async () =>
    createApiKey(c.get("deps"), principal.scope, read(c, fields), principal),
  );
  if (done === null) return c.redirect(href(PATH, { done: "key_shown" }), 303);
  if (!done.ok) return renderForm(c, fields, done.problem);
  const { row, key } = done.value;
  return renderPage(
    c,
    { title: "New API key", place: "API keys" },
    <ActPage crumb={CRUMB} title="The key is made" note={row.name}>
      <Panel title="Your new API key">
        <div class="pad">
          <SecretOnce
            label="API key"
            value={key}
            lost="if it is lost, revoke it and make another."
            snippets={[["Shell", `export QUITTANCE_KEY='${key}'`]]}
          />
          <p>
            <a href={href(PATH)}>To the API keys</a>
          </p>
        </div>
      </Panel>
    </ActPage>,
  );
}

/** By the rules of the API. @throws AppError `validation_failed` */
function read(c: DashboardContext, { name, role, rights, addresses, days }: KeyFields) {
  const mine = roleOf(role) === null ? [] : rightsOfRole(roleOf(role) ?? "read");
  const kept = rights.filter((right) => mine.some((one) => one === right));
  const allowed = addresses.split(/[\s,]+/).filter((address) => address !== "");
  const expires = /^\d{1,3}$/.test(days) ? isoTime(c.get("deps").now() + Number(days) * DAY_MS) : null;
  const parsed = createApiKeyBody.safeParse({
    name,
    role,
    // All that go with the role: what comes to go with it later as well.
    ...(kept.length === mine.length ? {} : { rights: kept }),
    ...(allowed.length === 0 ? {} : { allowed_addresses: allowed }),
    ...(expires === null ? {} : { expires_at: expires }),
  });
  if (!parsed.success) throw validationFailed(parsed.error.issues);
  return toNewKey(parsed.data);
}

function roleOf(role: string): Role | null {
  return Object.hasOwn(ROLES, role) ? (role as Role) : null;
}

/** @param problem why it was refused */
function renderForm(c: DashboardContext, fields: KeyFields, problem: AppError | null) {
  const { principal } = c.get("session");
  const roles = (["read", "write", "admin"] as const).filter(
    (role) => ROLE_RANK[role] <= ROLE_RANK[principal.role],
  );
  return renderPage(
    c,
    { title: "New API key", place: "API keys", status: problem?.status },
    <FormPage
      crumb={CRUMB}
      title="New API key"
      note="It has at most what you have, and ends with the key that you are signed in with."
      action={href(`${PATH}/new`)}
      button="Create the key"
      problem={problem}
    >
      <TextField
        name="name"
        label="Name"
        help="By which you tell it from others: who uses it, and for what."
        value={fields.name}
        problem={problem}
        required
        maxlength={200}
      />
      <SelectField
        name="role"
        label="Role"
        value={fields.role}
        options={roles.map((role) => [role, ROLES[role]] as const)}
        problem={problem}
      />
      <Rights offered={principal.rights} chosen={fields.rights} problem={problem} />
      <SelectField
        name="days"
        label="Expires"
        value={fields.days}
        options={LASTS}
        problem={problem}
        path="expires_at"
      />
      <TextAreaField
        name="allowed_addresses"
        label="Only from these addresses"
        help="One a line: an address, or a range such as 192.0.2.0/24. Left empty: from anywhere that you may."
        value={fields.addresses}
        problem={problem}
        rows={3}
      />
    </FormPage>,
  );
}

function Rights(props: { offered: readonly string[]; chosen: readonly string[]; problem: AppError | null }) {
  const { offered, chosen } = props;
  const said = props.problem?.errors?.find(({ path }) => path.startsWith("rights"))?.message;
  return (
    <fieldset class="types">
      <legend>
        Rights <span class="muted">Those that do not go with its role are left out.</span>
      </legend>
      {said === undefined ? null : <p class="field-error">{said}</p>}
      {offered.map((right) => (
        <label>
          <input type="checkbox" name="rights" value={right} checked={chosen.includes(right)} />
          <span>{firstUpper(RIGHT_WORDS[right as Right] ?? right)}</span>
        </label>
      ))}
    </fieldset>
  );
}
