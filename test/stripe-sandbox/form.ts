// Reads Stripe's form encoding: brackets nest, `[]` or `[0]` makes an array. Nothing is converted here;
// what a string means is for the parameters of the call to say.

/** A value as it was sent: a string, or what was nested under a name. */
export type FormNode = string | FormTree;
export type FormTree = Map<string, FormNode>;

/** Parses `a[b][0]=x&c=y`. Later values win over earlier ones of the same name. */
export function parseForm(encoded: string): FormTree {
  const root: FormTree = new Map();
  for (const [name, value] of new URLSearchParams(encoded)) insert(root, splitName(name), value);
  return root;
}

/** Every value with its full name, sorted: equal for equal requests, however they were ordered. */
export function canonicalForm(tree: FormTree): string {
  const pairs = flatten(tree, "");
  return JSON.stringify(pairs.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function splitName(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0) return [name];
  const nested = name.slice(open).matchAll(/\[([^\]]*)\]/g);
  return [name.slice(0, open), ...Array.from(nested, (match) => match[1] ?? "")];
}

function insert(tree: FormTree, path: readonly string[], value: string): void {
  const [head = "", ...rest] = path;
  const key = head === "" ? String(tree.size) : head;
  if (rest.length === 0) {
    tree.set(key, value);
    return;
  }
  const existing = tree.get(key);
  const child: FormTree = existing instanceof Map ? existing : new Map();
  tree.set(key, child);
  insert(child, rest, value);
}

function flatten(tree: FormTree, prefix: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const [key, node] of tree) {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    if (node instanceof Map) pairs.push(...flatten(node, name));
    else pairs.push([name, node]);
  }
  return pairs;
}
