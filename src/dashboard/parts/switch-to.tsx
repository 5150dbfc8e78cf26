// The button that leads into an environment in which one is signed in beside the present one.

import { href } from "../hrefs.ts";

export function SwitchTo({ id, name }: { id: string; name: string }) {
  return (
    <form method="post" action={href("/environments/switch")}>
      <input type="hidden" name="environment_id" value={id} />
      <button type="submit">{`Go to ${name}`}</button>
    </form>
  );
}
