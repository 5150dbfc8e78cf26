// Tenants, newest first, and the form that makes one.

import { createTenant } from "../../directory/manage-tenants.ts";
import { createTenantBody, listTenantsQuery } from "../../directory/schema.ts";
import { countEnvironments, listTenants, type TenantRow } from "../../directory/store.ts";
import { byCreation } from "../../http/list.ts";
import type { AppError } from "../../platform/app-error.ts";
import { attempt, readForm } from "../act.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { CopyId } from "../parts/copy.tsx";
import { TextField } from "../parts/field.tsx";
import { FormPage } from "../parts/form-page.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Table } from "../parts/table.tsx";
import { Time } from "../parts/time.tsx";
import { readList } from "../read-list.ts";
import { readFields } from "../read-query.ts";
import { depsOfForm } from "./console-act.ts";
import { tenantHref } from "./console-hrefs.ts";
import { renderConsole } from "./console-page.tsx";
import { SearchBar } from "./search-bar.tsx";

const PATH = "/console/tenants";

export async function showTenants(c: DashboardContext) {
  const deps = c.get("deps");
  const list = await readList(c, listTenantsQuery, ({ q }, page) => listTenants(deps, page, q), byCreation);
  const counts = await countEnvironments(
    deps,
    list.rows.map(({ id }) => id),
  );
  return renderConsole(
    c,
    { title: "Tenants", place: "Tenants" },
    <ListPage
      title="Tenants"
      note="Each has environments of its own. How they stand is under Environments."
      actions={
        <a class="button primary" href={`${PATH}/new`}>
          New tenant
        </a>
      }
      path={PATH}
      list={list}
      filter={<SearchBar path={PATH} list={list} label="Tenant's name or id" />}
      table={(rows) => <Tenants rows={rows} counts={counts} now={deps.now()} />}
      none={{ title: "No tenant yet.", words: <p>Each of your customers with a Stripe account is one.</p> }}
      noneFits={{ title: "No tenant fits.", showAll: "Show all" }}
    />,
  );
}

function Tenants(props: { rows: readonly TenantRow[]; counts: ReadonlyMap<string, number>; now: number }) {
  const { rows, counts, now } = props;
  return (
    <Table
      caption="Tenants"
      rows={rows}
      columns={[
        {
          head: "Tenant",
          cell: ({ id, name }) => (
            <a class="clip" href={tenantHref(id)}>
              {name}
            </a>
          ),
        },
        { head: "Environments", right: true, cell: ({ id }) => counts.get(id) ?? 0 },
        { head: "Id", priority: 2, cell: ({ id }) => <CopyId id={id} /> },
        { head: "Made", isTime: true, priority: 2, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
      ]}
    />
  );
}

export function showNewTenant(c: DashboardContext) {
  return renderNewTenant(c, new URLSearchParams(), null);
}

export async function makeTenant(c: DashboardContext) {
  const form = await readForm(c);
  const fields = { name: form.get("name"), id: form.get("id") };
  const done = await attempt(async () => {
    const input = readFields(c, fields, createTenantBody);
    return createTenant(await depsOfForm(c, form, [input.name, input.id ?? ""]), input);
  });
  if (!done.ok) return renderNewTenant(c, form, done.problem);
  return c.redirect(`${tenantHref(done.value.id)}?done=tenant_made`, 303);
}

function renderNewTenant(c: DashboardContext, form: URLSearchParams, problem: AppError | null) {
  return renderConsole(
    c,
    { title: "New tenant", place: "Tenants", status: problem?.status },
    <FormPage
      crumb={{ words: "Tenants", href: PATH }}
      title="New tenant"
      action={`${PATH}/new`}
      button="Create the tenant"
      problem={problem}
    >
      <TextField
        name="name"
        label="Name"
        value={form.get("name") ?? ""}
        required
        maxlength={200}
        problem={problem}
      />
      <TextField
        name="id"
        label="Id (optional)"
        value={form.get("id") ?? ""}
        help="What your platform calls it. It stands in webhook URLs and never changes. Left out, one is made."
        maxlength={128}
        problem={problem}
      />
    </FormPage>,
  );
}
