// The warning that the environment will soon hold as much as it can.

import { sizeWarning } from "../../platform/ledger-size.ts";
import { Notice } from "./panel.tsx";

export function FillingUp({ bytes }: { bytes: number }) {
  const warning = sizeWarning(bytes);
  if (warning === null) return null;
  return (
    <div class="page-note">
      <Notice tone="warn">{warning}</Notice>
    </div>
  );
}
