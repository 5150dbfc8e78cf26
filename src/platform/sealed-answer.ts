// An answer that is kept to be given again, sealed: it may hold an API key that is shown only once.

import type { SealedSecret } from "./secret-box.ts";

export type SealedAnswer = {
  /** HTTP's. */
  status: number;
  sealed: SealedSecret;
};
