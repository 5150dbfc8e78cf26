// The name of a state of a connection, by which the ledger and the directory know that they mean the same one.

/** @param connection.revision counts the changes of its row in the directory */
export function connectionState({ id, revision }: { id: string; revision: number }): string {
  return `${id}/${revision}`;
}
