// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

describe('Markdown', () => {
  afterEach(cleanup);
  const html = (text: string) => render(<Markdown text={text} />).container.innerHTML;
  const text = (source: string) => render(<Markdown text={source} />).container.textContent;

  it('shows emphasis, lists, tables and code', () => {
    expect(html('**a** *b* `c`')).toContain('<strong>a</strong> <em>b</em> <code>c</code>');
    expect(html('- a\n- b')).toContain('<ul><li>a</li><li>b</li></ul>');
    expect(html('3. a\n4. b')).toContain('<ol start="3">');
    expect(html('| x | y |\n|---|---|\n| 1 | 2 |')).toContain('<td>2</td>');
    expect(html('```\na < b\n```')).toContain('<code>a &lt; b</code>');
  });

  it('shows raw HTML as text and makes nothing of it', () => {
    const attack = '<img src=x onerror=alert(1)> <script>alert(2)</script> <b>x</b>';
    const { container } = render(<Markdown text={attack} />);
    expect(container.querySelector('img, script, b')).toBeNull();
    expect(container.textContent).toContain('onerror');
  });

  it('loads no images', () => {
    expect(html('![a cat](https://example.org/cat.png)')).not.toContain('<img');
  });

  it('makes no links, and says where web addresses would lead', () => {
    expect(html('[x](javascript:alert(1))')).not.toContain('<a');
    expect(html('[x](data:text/html,hi)')).not.toContain('<a');
    expect(html('[x](https://example.org/a)')).not.toContain('<a');
    expect(text('[x](https://example.org/a)')).toBe('x (example.org)');
    expect(html('https://example.org/a www.example.org <a@example.org>')).not.toContain('<a');
  });

  it('keeps characters that HTML would have to escape', () => {
    expect(text('1 < 2 & "3" > \'2\' &lt;')).toBe('1 < 2 & "3" > \'2\' <');
  });

  it('survives what is not finished yet', () => {
    for (const half of ['**bo', '| a | b', '```js\nlet', '[link](htt', '- ', '> ']) {
      expect(() => html(half)).not.toThrow();
    }
  });
});
