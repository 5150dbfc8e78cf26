// What can be told of a pasted key before it is looked up: that it is something else. Pure; the key itself
// never appears in what it says.

/** A sentence on what was pasted instead of an API key; null when it may be one. */
export function keyProblem(key: string): string | null {
  if (key.startsWith("qt_")) return null;
  if (key === "") return "Paste an API key. It begins with qt_.";
  if (/^(?:sk|rk|pk)_/.test(key)) {
    return "This is a key of Stripe's. It belongs into a connection, never here. An API key of Quittance begins with qt_.";
  }
  if (key.startsWith("whsec_")) {
    return "This is a webhook signing secret. An API key of Quittance begins with qt_.";
  }
  return "This is not an API key: those begin with qt_. ROOT_TOKEN makes API keys, but does not sign in.";
}
