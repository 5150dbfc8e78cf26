// The one stylesheet of all pages.

import { ACTIONS } from "./actions.ts";
import { BASE } from "./base.ts";
import { DOCS } from "./docs.ts";
import { FRAME } from "./frame.ts";
import { PARTS } from "./parts.ts";
import { STRIP } from "./strip.ts";
import { TABLES } from "./tables.ts";

export const STYLESHEET = [BASE, FRAME, PARTS, STRIP, TABLES, ACTIONS, DOCS].join("\n");
