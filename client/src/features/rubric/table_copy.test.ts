import { describe, expect, it } from 'vitest';
import { sampleRubric } from '../../sync/rubric_sample.ts';
import { rowsOf, toHtml, toTsv } from './table_copy.ts';

const words = { criterion: 'Criterion', weight: 'Weight', points: (n: string) => `${n} pts` };

describe('copying the rubric', () => {
  const rows = rowsOf(sampleRubric(), 'en', words);

  it('has a head and one row a criterion', () => {
    expect(rows[0]).toEqual(['Criterion', 'Weight', 'Good', 'Fair']);
    expect(rows[1]).toEqual(['a\nAbout a', '60%', '60 pts\na l1', '0 pts\na l2']);
    expect(rows.length).toBe(3);
  });

  it('keeps a cell together in a spreadsheet', () => {
    expect(
      toTsv([
        ['a\tb', 'say "hi"'],
        ['c', 'd\ne'],
      ]),
    ).toBe('"a\tb"\t"say ""hi"""\r\nc\t"d\ne"');
  });

  it('escapes what documents would take for markup', () => {
    const html = toHtml('<T>', [['<b>'], ['x & y\nz']]);
    expect(html).toContain('<p><b>&lt;T&gt;</b></p>');
    expect(html).toContain('<th>&lt;b&gt;</th>');
    expect(html).toContain('<td>x &amp; y<br>z</td>');
  });

  it('shows both languages under each other', () => {
    expect(rowsOf(sampleRubric(), 'both', words)[0]?.[2]).toBe('優\nGood');
  });
});
