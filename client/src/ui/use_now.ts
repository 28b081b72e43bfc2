import { useSyncExternalStore } from 'react';

const minuteMs = 60_000;

/** The current minute, in milliseconds: dates on the page stay right over midnight. */
export function useNow(): number {
  return useSyncExternalStore(
    (notify) => {
      const timer = setInterval(notify, minuteMs);
      return () => clearInterval(timer);
    },
    () => Math.floor(Date.now() / minuteMs) * minuteMs,
  );
}
