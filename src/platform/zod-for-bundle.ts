// In place of "zod" in the bundle (`[alias]` in wrangler.toml). @hono/zod-openapi hands the whole namespace to
// a function that takes only `ZodType` from it, so that no bundler can drop zod's 50 languages: 350 KB.

import { ZodType } from "zod/v4";

export * from "zod/v4";
export const z = { ZodType };
