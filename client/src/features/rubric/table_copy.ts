/** The rubric as a table for documents (HTML) and spreadsheets (tab-separated). Pure. */
import type { Rubric } from '../../protocol/rubric.ts';
import { formatNumber, textIn, type Shown } from './text_of.ts';

export interface TableWords {
  criterion: string;
  weight: string;
  points: (points: string) => string;
}

/** Rows of plain texts; the first row is the head. */
export function rowsOf(rubric: Rubric, shown: Shown, words: TableWords): string[][] {
  const head = [words.criterion, words.weight];
  const levels = rubric.levels.map((level) => textIn(level.name, shown));
  const body = rubric.criteria.map((criterion) => [
    [textIn(criterion.name, shown), textIn(criterion.focus, shown)].filter(Boolean).join('\n'),
    `${formatNumber(criterion.weight)}%`,
    ...rubric.levels.map((level) => {
      const cell = criterion.cells.find((candidate) => candidate.levelId === level.id);
      if (cell === undefined) return '';
      const points = words.points(formatNumber(cell.points));
      return [points, textIn(cell.descriptor, shown)].filter(Boolean).join('\n');
    }),
  ]);
  return [[...head, ...levels], ...body];
}

export function toHtml(title: string, rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${row.map((text) => `<${tag}>${escape(text).replace(/\n/g, '<br>')}</${tag}>`).join('')}</tr>`;
  const [head = [], ...body] = rows;
  const lines = body.map((row) => line(row, 'td')).join('');
  const table = `<table border="1"><thead>${line(head, 'th')}</thead><tbody>${lines}</tbody></table>`;
  return title === '' ? table : `<p><b>${escape(title)}</b></p>${table}`;
}

export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quoted).join('\t')).join('\r\n');
}

/** Spreadsheets keep tabs and line breaks inside quotes within one cell. */
function quoted(text: string): string {
  return /[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function escape(text: string): string {
  const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (mark) => marks[mark] ?? mark);
}
