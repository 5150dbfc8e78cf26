// How long one may take of what all environments share.

export type Turn = {
  /** Nothing more is to be begun. */
  isOver: () => boolean;
  /** Nobody waits any longer, also not for what has begun: somebody else does it again. */
  isAbandoned: () => boolean;
  /** Resolves when it is abandoned. */
  abandoned: Promise<void>;
  end: () => void;
};

export const ENDLESS: Turn = {
  isOver: () => false,
  isAbandoned: () => false,
  abandoned: new Promise(() => {}),
  end: () => {},
};

/** @param options.waits what has begun by then is waited for */
export function startTurn(ms: number, options: { waits: boolean }): Turn {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    if (!options.waits) resolve();
  }, ms);
  return {
    isOver: () => isOver,
    isAbandoned: () => isOver && !options.waits,
    abandoned: promise,
    end: () => clearTimeout(timer),
  };
}
