// One call: what it does, who may call it, what it takes, what it answers, and a command to try it.

import type { Child } from "hono/jsx";
import { CopyBlock } from "../dashboard/parts/copy.tsx";
import { curlExample } from "./curl-example.ts";
import { Prose } from "./prose.tsx";
import type { ApiAnswer, ApiCall, Caller, Schemas } from "./read-openapi.ts";
import { schemaRow, schemaRows } from "./schema-rows.ts";
import { SchemaTable } from "./schema-table.tsx";

const MAY_CALL: Record<Caller, string> = {
  nobody: "Stripe alone, which proves itself without a key of ours",
  root: "ROOT_TOKEN",
  read: "an API key of any role",
  write: "an API key of role write or admin",
  admin: "an API key of role admin",
};

export function CallSection({ call, origin, schemas }: { call: ApiCall; origin: string; schemas: Schemas }) {
  const curl = curlExample(call, origin, schemas);
  return (
    <section class="call" aria-labelledby={call.anchor}>
      <div>
        <h3 id={call.anchor}>
          <a href={`#${call.anchor}`}>{call.summary}</a>
        </h3>
        <p class="route">
          <Method method={call.method} /> <code>{call.path}</code>
        </p>
        {call.description === null ? null : (
          <p>
            <Prose text={call.description} />
          </p>
        )}
        <p class="muted">Who may call: {MAY_CALL[call.caller]}.</p>
        <Parameters call={call} schemas={schemas} />
        {call.body === null ? null : (
          <Block title="Body">
            <SchemaTable
              caption={`Body of ${call.summary}`}
              rows={schemaRows(call.body.schema, schemas)}
              asks
            />
          </Block>
        )}
        {call.answers.map((answer) => (
          <AnswerBlock answer={answer} call={call} schemas={schemas} />
        ))}
      </div>
      <div class="try">{curl === null ? null : <CopyBlock label="the command" text={curl} />}</div>
    </section>
  );
}

export function Method({ method }: { method: string }) {
  return <span class={`method ${method.toLowerCase()}`}>{method}</span>;
}

function Parameters({ call, schemas }: { call: ApiCall; schemas: Schemas }) {
  if (call.parameters.length === 0) return null;
  const rows = call.parameters.map((parameter) => {
    const row = schemaRow(parameter.name, parameter.schema, schemas, 0, parameter.required);
    const place = parameter.place === "path" ? "in the path" : null;
    return { ...row, description: row.description ?? (parameter.description || place) };
  });
  return (
    <Block title="Parameters">
      <SchemaTable caption={`Parameters of ${call.summary}`} rows={rows} asks />
    </Block>
  );
}

function AnswerBlock({ answer, call, schemas }: { answer: ApiAnswer; call: ApiCall; schemas: Schemas }) {
  const rows = answer.schema ? schemaRows(answer.schema, schemas) : [];
  if (rows.length === 0) {
    return (
      <p>
        Answers <code>{answer.status}</code>: {answer.description}
      </p>
    );
  }
  return (
    <details>
      <summary>
        Answers <code>{answer.status}</code>: {answer.description}
      </summary>
      <SchemaTable caption={`Answer of ${call.summary}`} rows={rows} />
    </details>
  );
}

function Block({ title, children }: { title: string; children?: Child }) {
  return (
    <>
      <h4>{title}</h4>
      {children}
    </>
  );
}
