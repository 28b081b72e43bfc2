// Plots as SVG text: light on any page, readable without colour.
import { show } from './statistics.mjs';

const escape = (text) => String(text).replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

const frame = (width, height, body) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#fff"/>
${body.join('\n')}
</svg>
`;

/** A bar for each subject of a row: the median, and a line over its middle half. */
export function barPlot(row) {
  const [left, wide, high, top] = [300, 360, 26, 34];
  const most = Math.max(...row.subjects.map(({ columns }) => columns[row.compare].high));
  const x = (value) => left + (value / most) * wide;
  const bars = row.subjects.flatMap(({ name, columns }, n) => {
    const { median, low, high: upper } = columns[row.compare];
    const y = top + n * (high + 8);
    const colour = name === row.must.subject ? '#1a6b4f' : '#9aa5b1';
    return [`<text x="${left - 8}" y="${y + 17}" text-anchor="end" fill="#222">${escape(name.length > 42 ? `${name.slice(0, 41)}…` : name)}</text>`,
      `<rect x="${left}" y="${y}" width="${(x(median) - left).toFixed(1)}" height="${high}" fill="${colour}"/>`,
      `<line x1="${x(low).toFixed(1)}" x2="${x(upper).toFixed(1)}" y1="${y + high / 2}" y2="${y + high / 2}" stroke="#222"/>`,
      `<text x="${(x(Math.max(median, upper)) + 6).toFixed(1)}" y="${y + 17}" fill="#222">${show(median)}</text>`];
  });
  return frame(left + wide + 90, top + row.subjects.length * (high + 8) + 8, [`<text x="8" y="20" font-weight="600" fill="#222">${escape(row.title)}: ${escape(row.compare)}</text>`, ...bars]);
}
