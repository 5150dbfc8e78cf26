// One tenant: its environments by how they stand, those that were erased with what was lost, and the form that makes
// another.

import { listStanding } from "../../connections/list-standing.ts";
import { createEnvironment } from "../../directory/manage-tenants.ts";
import { createEnvironmentBody } from "../../directory/schema.ts";
import { type EnvironmentRow, listErased } from "../../directory/store.ts";
import { type AppError, invalid } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { CopyId } from "../parts/copy.tsx";
import { SelectField, TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { Empty, PageHead, Panel } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readFields } from "../read-query.ts";
import { countWords } from "../status-words.ts";
import { depsOfForm, tenantOfPath } from "./console-act.ts";
import { environmentHref, tenantHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";
import { StandingTable } from "./standing-table.tsx";

const SHOWN = { limit: 100, after: null };

export async function showTenant(c: DashboardContext) {
  const deps = c.get("deps");
  const tenant = await tenantOfPath(c);
  const [rows, erased] = await Promise.all([
    listStanding(deps, { filter: { tenantId: tenant.id }, page: SHOWN }),
    listErased(deps, tenant.id, SHOWN.limit),
  ]);
  return renderConsole(
    c,
    { title: tenant.name, place: "Tenants" },
    <>
      <p class="crumb">
        <a href="/console/tenants">Tenants</a>
      </p>
      <PageHead title={tenant.name} note={<CopyId id={tenant.id} />}>
        <a class="button primary" href={`${tenantHref(tenant.id)}/environments/new`}>
          New environment
        </a>
      </PageHead>
      <PageNote c={c} />
      <Panel
        title="Environments"
        more={rows.length > SHOWN.limit ? <More tenantId={tenant.id} /> : undefined}
      >
        {rows.length === 0 ? (
          <Empty title="No environment yet.">
            <p>One for tests and one for live payments are usual.</p>
          </Empty>
        ) : (
          <StandingTable rows={rows.slice(0, SHOWN.limit)} now={deps.now()} ofTenant />
        )}
      </Panel>
      {erased.length === 0 ? null : <Erased rows={erased} now={deps.now()} />}
    </>,
  );
}

function More({ tenantId }: { tenantId: string }) {
  return <a href={`/console/environments?tenant_id=${encodeURIComponent(tenantId)}`}>All of them</a>;
}

function Erased({ rows, now }: { rows: readonly EnvironmentRow[]; now: number }) {
  return (
    <Panel title="Erased">
      <Table
        caption="Erased environments"
        rows={rows}
        columns={[
          { head: "Environment", cell: ({ name }) => <span class="clip">{name}</span> },
          { head: "Lost with it", cell: (row) => <Lost row={row} /> },
          { head: "Id", priority: 2, cell: ({ id }) => <CopyId id={id} /> },
          { head: "Erased", isTime: true, cell: (row) => <Time ms={row.erasedAtMs ?? 0} now={now} /> },
        ]}
      />
    </Panel>
  );
}

function Lost({ row: { erasure } }: { row: EnvironmentRow }) {
  if (erasure === null) return <>Nothing</>;
  const { payableLinks, notUndone } = erasure;
  const left = [
    ...(payableLinks.count === 0
      ? []
      : [
          `${countWords(payableLinks.count, "payment link")} can still be paid at Stripe: ${payableLinks.stripeIds.join(", ")}.`,
        ]),
    ...notUndone,
  ];
  return (
    <>
      {lostWords(erasure).join(", ")}
      {left.map((words) => (
        <span class="reason">{words}</span>
      ))}
    </>
  );
}

/** What goes with an environment, counted. */
export function lostWords(lost: {
  customers: number;
  invoices: number;
  payments: number;
  refunds: number;
  webhookEvents: number;
}): string[] {
  return [
    countWords(lost.customers, "customer"),
    countWords(lost.invoices, "invoice"),
    countWords(lost.payments, "payment"),
    countWords(lost.refunds, "refund"),
    countWords(lost.webhookEvents, "webhook event"),
  ];
}

export async function showNewEnvironment(c: DashboardContext) {
  return renderNewEnvironment(c, new URLSearchParams(), null);
}

export async function makeEnvironment(c: DashboardContext) {
  const { id: tenantId } = await tenantOfPath(c);
  const form = await readForm(c);
  const done = await attempt(async () => {
    const input = readInput(c, form);
    const asked = [input.name, String(input.livemode), input.id ?? "", input.jurisdiction ?? ""];
    return createEnvironment(await depsOfForm(c, form, asked), tenantId, input);
  });
  if (!done.ok) return renderNewEnvironment(c, form, done.problem);
  const to = environmentHref({ tenantId, environmentId: done.value.id });
  return c.redirect(`${to}?done=environment_made`, 303);
}

/** @throws AppError `validation_failed` */
function readInput(c: DashboardContext, form: URLSearchParams) {
  const mode = form.get("livemode");
  if (mode !== "test" && mode !== "live") throw invalid("livemode", "Say whether it is for tests or live.");
  const fields = { name: form.get("name"), id: form.get("id"), jurisdiction: form.get("jurisdiction") };
  // A mode is no text, which is all that a form has.
  const input = readFields(c, fields, createEnvironmentBody.omit({ livemode: true }));
  return { ...input, livemode: mode === "live" };
}

async function renderNewEnvironment(c: DashboardContext, form: URLSearchParams, problem: AppError | null) {
  const tenant = await tenantOfPath(c);
  const value = (name: string) => form.get(name) ?? "";
  return renderConsole(
    c,
    { title: "New environment", place: "Tenants", status: problem?.status },
    <FormPage
      crumb={{ words: tenant.name, href: tenantHref(tenant.id) }}
      title="New environment"
      action={`${tenantHref(tenant.id)}/environments/new`}
      button="Create the environment"
      problem={problem}
    >
      <TextField name="name" label="Name" value={value("name")} required maxlength={200} problem={problem} />
      <SelectField
        name="livemode"
        label="Mode"
        value={value("livemode")}
        help="It cannot be changed later."
        options={[
          ["test", "Test: no real money moves"],
          ["live", "Live"],
        ]}
        problem={problem}
      />
      <SelectField
        name="jurisdiction"
        label="Where its data is kept"
        value={value("jurisdiction")}
        help="It cannot be changed later. Names, API keys and sealed secrets are in the directory, which it does not bind."
        options={[
          ["", "Anywhere"],
          ["eu", "In the European Union"],
          ["fedramp", "In FedRAMP data centres"],
        ]}
        problem={problem}
      />
      <TextField
        name="id"
        label="Id (optional)"
        value={value("id")}
        help="What your platform calls it. It stands in webhook URLs and never changes. Left out, one is made."
        maxlength={128}
        problem={problem}
      />
    </FormPage>,
  );
}
