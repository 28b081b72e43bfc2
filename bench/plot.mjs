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
    const colour = name === row.must?.subject ? '#1a6b4f' : '#9aa5b1';
    return [`<text x="${left - 8}" y="${y + 17}" text-anchor="end" fill="#222">${escape(name.length > 42 ? `${name.slice(0, 41)}…` : name)}</text>`,
      `<rect x="${left}" y="${y}" width="${(x(median) - left).toFixed(1)}" height="${high}" fill="${colour}"/>`,
      `<line x1="${x(low).toFixed(1)}" x2="${x(upper).toFixed(1)}" y1="${y + high / 2}" y2="${y + high / 2}" stroke="#222"/>`,
      `<text x="${(x(Math.max(median, upper)) + 6).toFixed(1)}" y="${y + 17}" fill="#222">${show(median)}</text>`];
  });
  return frame(left + wide + 90, top + row.subjects.length * (high + 8) + 8, [`<text x="8" y="20" font-weight="600" fill="#222">${escape(row.title)}: ${escape(row.compare)}</text>`, ...bars]);
}

/** A line for each series of [x, y], both axes by powers of ten; series differ in colour, dash and mark. */
export function linePlot({ title, xLabel, yLabel, series }) {
  const [left, top, wide, high] = [70, 40, 460, 240];
  const exponents = (values) => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const all = series.flatMap(({ points }) => points);
  const axis = (values, start, length) => {
    const [low, high10] = exponents(values);
    const last = Math.max(high10, low + 1);
    return { ticks: Array.from({ length: last - low + 1 }, (_, n) => 10 ** (low + n)), place: (value) => start + ((Math.log10(value) - low) / (last - low)) * length };
  };
  const x = axis(all.map(([value]) => value), left, wide);
  const y = axis(all.map(([, value]) => value), top + high, -high);
  const grid = [...x.ticks.flatMap((tick) => [`<line x1="${x.place(tick)}" x2="${x.place(tick)}" y1="${top}" y2="${top + high}" stroke="#ddd"/>`,
    `<text x="${x.place(tick)}" y="${top + high + 18}" text-anchor="middle" fill="#222">${show(tick)}</text>`]),
  ...y.ticks.flatMap((tick) => [`<line x1="${left}" x2="${left + wide}" y1="${y.place(tick)}" y2="${y.place(tick)}" stroke="#ddd"/>`,
    `<text x="${left - 8}" y="${y.place(tick) + 4}" text-anchor="end" fill="#222">${show(tick)}</text>`])];
  const styles = [{ colour: '#1a6b4f', dash: '' }, { colour: '#7a3e9d', dash: '6 4' }, { colour: '#9a5b00', dash: '2 3' }];
  const lines = series.flatMap(({ name, points }, n) => {
    const { colour, dash } = styles[n % styles.length];
    const places = points.map(([a, b]) => [x.place(a).toFixed(1), y.place(b).toFixed(1)]);
    const legend = top + high + 58 + n * 20;
    return [`<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      ...places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3" fill="${colour}"/>`),
      `<line x1="${left}" x2="${left + 30}" y1="${legend}" y2="${legend}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${left + 38}" y="${legend + 4}" fill="#222">${escape(name)}</text>`];
  });
  return frame(left + wide + 40, top + high + 68 + series.length * 20, [`<text x="8" y="20" font-weight="600" fill="#222">${escape(title)}: ${escape(yLabel)}</text>`,
    `<text x="${left + wide / 2}" y="${top + high + 38}" text-anchor="middle" fill="#222">${escape(xLabel)}</text>`, ...grid, ...lines]);
}
