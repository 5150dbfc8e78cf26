// How long an environment's events may take of what all environments share.

export type Turn = {
  /** Nothing more is to be begun. */
  isOver: () => boolean;
  /** Resolves when nobody waits any longer, also not for what has begun; never, where it is waited for. */
  waitedFor: Promise<void>;
  end: () => void;
};

export const ENDLESS: Turn = { isOver: () => false, waitedFor: new Promise(() => {}), end: () => {} };

/** @param options.waits what has begun by then is waited for */
export function startTurn(ms: number, options: { waits: boolean }): Turn {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    if (!options.waits) resolve();
  }, ms);
  return { isOver: () => isOver, waitedFor: promise, end: () => clearTimeout(timer) };
}
