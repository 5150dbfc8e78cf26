// Writes vars into wrangler.toml, where everybody finds them; every other line stays as it is.

/**
 * @param environment whose vars; null: those at the top
 * @throws Error for a name that has no line of its own there
 */
export function writeVars(
  toml: string,
  environment: string | null,
  vars: Readonly<Record<string, string>>,
): string {
  const section = environment === null ? "[vars]" : `[env.${environment}.vars]`;
  const lines = toml.split("\n");
  const begin = lines.indexOf(section);
  const length = lines.slice(begin + 1).findIndex((line) => line.startsWith("["));
  const end = length === -1 ? lines.length : begin + 1 + length;
  for (const [name, value] of Object.entries(vars)) {
    const at = lines.findIndex(
      (line, index) => index > begin && index < end && line.startsWith(`${name} = `),
    );
    if (begin === -1 || at === -1) throw new Error(`wrangler.toml has no ${name} under ${section}.`);
    lines[at] = `${name} = ${JSON.stringify(value)}`;
  }
  return lines.join("\n");
}
