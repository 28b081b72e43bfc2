import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

interface MoreRight {
  /** Of the box that scrolls. */
  ref: RefObject<HTMLDivElement | null>;
  /** There is more at its right end than it shows. */
  more: boolean;
  onScroll: () => void;
}

/** Looks again when the box or what is in it changes its size, and when it is scrolled. */
export function useMoreRight(): MoreRight {
  const ref = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  const look = useCallback(() => {
    const box = ref.current;
    // A fraction of a pixel is no content.
    if (box !== null) setMore(box.scrollWidth - box.clientWidth - box.scrollLeft > 1);
  }, []);
  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(look);
    for (const each of [box, ...box.children]) observer.observe(each);
    return () => observer.disconnect();
  }, [look]);
  return { ref, more, onScroll: look };
}
