// Plots as SVG text: light on any page, readable without colour.

const escape = (text) => String(text).replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
const show = (number) => (Math.abs(number) >= 100 ? Math.round(number).toLocaleString('en') : String(Number(number.toPrecision(3))));

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

/** Lines over a logarithmic axis: `series` are {name, points: [[x, y], …]}. */
export function linePlot({ title, xLabel, yLabel, series }) {
  const [width, height, left, bottom, top] = [720, 360, 80, 50, 40];
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y));
  const [xMin, xMax, yMax] = [Math.log10(Math.min(...xs)), Math.log10(Math.max(...xs)), Math.max(...ys) * 1.1];
  const x = (value) => left + ((Math.log10(value) - xMin) / Math.max(xMax - xMin, 1)) * (width - left - 150);
  const y = (value) => height - bottom - (value / yMax) * (height - bottom - top);
  const dashes = ['', '6 4', '2 3', '8 3 2 3'];
  const ticks = [...new Set(xs)].map((value) => `<text x="${x(value).toFixed(1)}" y="${height - bottom + 18}" text-anchor="middle" fill="#222">${show(value)}</text>`);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => `<line x1="${left}" x2="${width - 150}" y1="${y(yMax * part).toFixed(1)}" y2="${y(yMax * part).toFixed(1)}" stroke="#ddd"/>
<text x="${left - 8}" y="${(y(yMax * part) + 4).toFixed(1)}" text-anchor="end" fill="#222">${show(yMax * part)}</text>`);
  const lines = series.map(({ name, points }, n) => `<polyline fill="none" stroke="#1a6b4f" stroke-width="2" stroke-dasharray="${dashes[n % dashes.length]}" points="${points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ')}"/>
<text x="${width - 142}" y="${(y(points.at(-1)[1]) + 4).toFixed(1)}" fill="#222">${escape(name)}</text>`);
  return frame(width, height, [`<text x="8" y="20" font-weight="600" fill="#222">${escape(title)}</text>`, ...grid, ...ticks, ...lines,
    `<text x="${(left + width - 150) / 2}" y="${height - 10}" text-anchor="middle" fill="#222">${escape(xLabel)}</text>`,
    `<text x="14" y="${height / 2}" transform="rotate(-90 14 ${height / 2})" text-anchor="middle" fill="#222">${escape(yLabel)}</text>`]);
}
