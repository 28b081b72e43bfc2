import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Nearer than this to the end counts as being at the end. */
const slackPx = 48;

interface Sticking {
  ref: RefObject<HTMLDivElement | null>;
  /** False when the reader has scrolled up and there is something new below. */
  atBottom: boolean;
  onScroll: () => void;
  toBottom: () => void;
}

/**
 * Keeps a growing log at its end while the reader is there, and what is read in place when older
 * lines are put in front. `first` and `last` name the ends of what is shown; `own` counts what the
 * reader has just written, which is always brought into view.
 */
export function useStickToBottom(first: unknown, last: unknown, own: number): Sticking {
  const ref = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const before = useRef({ first, own, height: 0 });
  const [atBottom, setAtBottom] = useState(true);

  useLayoutEffect(() => {
    const log = ref.current;
    if (log === null) return;
    const grown = log.scrollHeight - before.current.height;
    if (own > before.current.own) sticking.current = true;
    if (sticking.current) log.scrollTop = log.scrollHeight;
    else if (before.current.first !== first) log.scrollTop += grown;
    before.current = { first, own, height: log.scrollHeight };
  }, [first, last, own]);

  useLayoutEffect(() => {
    const log = ref.current;
    const content = log?.firstElementChild;
    if (log === null || content === null || content === undefined) return;
    // Fonts, lazy Markdown and the composer change heights without a render of ours.
    const observer = new ResizeObserver(() => {
      if (sticking.current) log.scrollTop = log.scrollHeight;
    });
    observer.observe(content);
    observer.observe(log);
    return () => observer.disconnect();
  }, []);

  const onScroll = useCallback(() => {
    const log = ref.current;
    if (log === null) return;
    sticking.current = log.scrollHeight - log.scrollTop - log.clientHeight < slackPx;
    setAtBottom(sticking.current);
  }, []);

  const toBottom = useCallback(() => {
    const log = ref.current;
    if (log === null) return;
    sticking.current = true;
    log.scrollTo({ top: log.scrollHeight, behavior: 'smooth' });
    setAtBottom(true);
  }, []);

  return { ref, atBottom, onScroll, toBottom };
}
