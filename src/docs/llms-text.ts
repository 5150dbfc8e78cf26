// llms.txt: what there is to read here, for programs that read (https://llmstxt.org).

import { GUIDES } from "./guides.ts";

export function llmsText(origin: string): string {
  const guides = GUIDES.map(
    ({ slug, title, summary }) => `- [${title}](${origin}/docs/${slug}.md): ${summary}`,
  );
  return `# Quittance

> Payment links, webhooks and settlement between a billing platform and its tenants' Stripe accounts, by one REST API: signed notifications out, signed Stripe events in, each tenant's data and secrets apart.

Calls go to ${origin}/api/v1 with \`Authorization: Bearer qt_…\`. Amounts are integers in minor units, times RFC 3339 in UTC, errors application/problem+json with a stable \`code\`.

## Reference

- [OpenAPI 3.1 document](${origin}/openapi.json): every call, its fields, limits, answers and examples.

## Guides

${guides.join("\n")}
`;
}
