import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { useFrom } from './stores.tsx';

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; onGo?: () => void };

/** An ordinary link that does not leave the page; with a modifier key the browser has its way. */
export function Link({ to, onGo, ...rest }: Props) {
  const go = useFrom('route', (route) => route.go);
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    onGo?.();
  };
  return <a href={to} onClick={follow} {...rest} />;
}
