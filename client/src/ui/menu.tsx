import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  text: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** The heading below which it stands, with those next to it that have the same. */
  group?: string;
  onSelect: () => void;
}

interface Props {
  label: string;
  items: readonly MenuItem[];
  /** What is inside the button. */
  children: ReactNode;
  className?: string;
}

/** A button with a menu: arrow keys, Home, End and Escape work as in any menu. */
export function Menu({ label, items, children, className = 'icon-button' }: Props) {
  const [place, setPlace] = useState<DOMRect | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setPlace(null);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => {
          event.stopPropagation();
          setPlace(place === null ? event.currentTarget.getBoundingClientRect() : null);
        }}
      >
        {children}
      </button>
      {place !== null &&
        createPortal(
          <MenuList label={label} items={items} place={place} onClose={close} />,
          document.body,
        )}
    </>
  );
}

const gapPx = 12; // between the menu and the edge of the page, and the button

interface ListProps {
  label: string;
  items: readonly MenuItem[];
  place: DOMRect;
  onClose: () => void;
}

function MenuList({ label, items, place, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const away = (event: Event): void => {
      if (!(event.target instanceof Node) || list.current?.contains(event.target) !== true) {
        onClose();
      }
    };
    document.addEventListener('pointerdown', away);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', away);
      window.removeEventListener('resize', onClose);
    };
  });
  const above = place.top - gapPx;
  const under = window.innerHeight - place.bottom - gapPx;
  const below = under >= above || 44 * items.length < under;
  const right = window.innerWidth - place.right;
  const toRight = place.left < 200;
  return (
    <div
      ref={list}
      className="menu"
      role="menu"
      aria-label={label}
      style={{
        ...(below ? { top: place.bottom + 4 } : { bottom: window.innerHeight - place.top + 4 }),
        maxHeight: below ? under : above,
        ...(toRight ? { left: place.left } : { right }),
      }}
      onKeyDown={(event) => moveFocus(event, list.current, onClose)}
    >
      {grouped(items).map(([group, members]) => (
        <div
          key={group ?? ''}
          className="menu-group"
          {...(group === undefined ? {} : { role: 'group', 'aria-label': group })}
        >
          {group !== undefined && (
            <p className="menu-heading" aria-hidden="true">
              {group}
            </p>
          )}
          {members.map((item) => (
            <MenuButton key={item.text} item={item} onClose={onClose} />
          ))}
        </div>
      ))}
    </div>
  );
}

function MenuButton({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  return (
    <button
      type="button"
      role="menuitem"
      className={item.danger === true ? 'menu-item menu-item-danger' : 'menu-item'}
      disabled={item.disabled ?? false}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        onClose();
        item.onSelect();
      }}
    >
      {item.icon !== undefined && <Icon name={item.icon} />}
      {item.text}
    </button>
  );
}

function grouped(items: readonly MenuItem[]): [string | undefined, MenuItem[]][] {
  const groups = new Map<string | undefined, MenuItem[]>();
  for (const item of items) {
    groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  }
  return [...groups];
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null, close: () => void): void {
  const items = [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]:not([disabled])') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = targets[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') close();
  else if (target !== undefined) items[target]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
