// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Menu } from './menu.tsx';

describe('Menu', () => {
  afterEach(cleanup);

  const open = async () => {
    const onSelect = vi.fn<(text: string) => void>();
    const item = (text: string, group: string) => ({ text, group, onSelect: () => onSelect(text) });
    const items = [item('Word', 'Documents'), item('Excel', 'Documents'), item('Canvas', 'Others')];
    render(
      <Menu label="Download" items={items}>
        ↓
      </Menu>,
    );
    await userEvent.click(screen.getByRole('button'));
    return onSelect;
  };
  const names = (element: HTMLElement) =>
    within(element)
      .getAllByRole('menuitem')
      .map(({ textContent }) => textContent);

  it('puts items below the headings of their groups', async () => {
    await open();
    expect(names(screen.getByRole('group', { name: 'Documents' }))).toEqual(['Word', 'Excel']);
    expect(names(screen.getByRole('group', { name: 'Others' }))).toEqual(['Canvas']);
  });

  it('leads over the groups with the arrow keys', async () => {
    const onSelect = await open();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(onSelect.mock.calls).toEqual([['Canvas']]);
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
