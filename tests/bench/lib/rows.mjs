// Rows of figures as text and as a document: {bench, case, who, where, threads, variant, value, unit, peak_percent, ratio_to_ours}, and the
// goals they are held against. Pure: reads no clock, no file, no machine.

/** What performance.md promises, as far as a row can tell. `least`, else `most`; of the row that fits `where`. */
export const goals = [
  {
    key: 'gemm-forward',
    name: 'gemm forward',
    bench: 'gemm',
    case: /^forward/,
    variant: 'relaxed',
    field: 'peak_percent',
    least: 90,
  },
  {
    key: 'gemm-forward',
    name: 'gemm forward',
    bench: 'gemm',
    case: /^forward/,
    variant: 'simd128',
    field: 'peak_percent',
    least: 85,
  },
  {
    key: 'gemm-gradients',
    name: 'gemm dX, dW',
    bench: 'gemm',
    case: /^d[XW]/,
    variant: 'relaxed',
    field: 'peak_percent',
    least: 80,
  },
  {
    key: 'gemm-heads',
    name: 'gemm heads',
    bench: 'gemm',
    case: /^heads/,
    variant: 'relaxed',
    field: 'peak_percent',
    least: 70,
  },
  { key: 'mlp', name: 'mlp', bench: 'mlp', case: /784/, variant: 'simd128', field: 'value', least: 200_000 },
  {
    key: 'xor',
    name: 'xor',
    bench: 'xor',
    case: /2-2-1/,
    variant: 'simd128',
    field: 'value',
    least: 3_000_000,
  },
  {
    key: 'gpt-train',
    name: 'gpt-train',
    bench: 'gpt-train',
    case: /laptop/,
    variant: 'simd128',
    field: 'value',
    most: 85,
  },
  {
    key: 'gpt-train',
    name: 'gpt-train',
    bench: 'gpt-train',
    case: /laptop/,
    variant: 'relaxed',
    field: 'value',
    most: 80,
  },
  {
    key: 'gpt-train-tfjs',
    name: 'gpt-train / tfjs',
    bench: 'gpt-train',
    case: /laptop/,
    who: 'tfjs-wasm',
    field: 'ratio_to_ours',
    least: 18,
  },
  {
    key: 'gpt-train-jax',
    name: 'gpt-train / jax-js',
    bench: 'gpt-train',
    case: /laptop/,
    who: 'jax-js',
    field: 'ratio_to_ours',
    least: 2.4,
  },
  {
    key: 'gpt-train-pytorch',
    name: 'gpt-train / PyTorch',
    bench: 'gpt-train',
    case: /laptop/,
    who: 'PyTorch',
    where: 'native',
    field: 'ratio_to_ours',
    least: 1,
  },
  {
    key: 'gpt-train-workers',
    name: 'gpt-train: 2 workers',
    bench: 'gpt-train-workers',
    case: /2 workers over 1/,
    where: 'chromium',
    field: 'value',
    least: 1.8,
  },
  {
    key: 'decode',
    name: 'decode',
    bench: 'decode',
    case: /context 128/,
    variant: 'simd128',
    field: 'value',
    least: 12_000,
  },
  {
    key: 'load',
    name: 'load: first step',
    bench: 'load',
    case: /first step/,
    where: 'chromium',
    field: 'value',
    most: 150,
  },
  {
    key: 'page-task',
    name: 'page: longest task',
    bench: 'page',
    case: /longest task/,
    where: 'chromium',
    field: 'value',
    most: 50,
  },
  {
    key: 'page-frames',
    name: 'page: frames',
    bench: 'page',
    case: /frames/,
    where: 'chromium',
    field: 'value',
    least: 59,
  },
];

/** Which rows answer a goal, and whether the worst of them reaches it. */
export function judge(goal, rows) {
  const where = goal.where ?? 'node';
  const found = rows.filter(
    (row) =>
      row.bench === goal.bench &&
      goal.case.test(row.case) &&
      row.who === (goal.who ?? 'xor2gpt') &&
      row.where === where &&
      (goal.variant === undefined || row.variant === goal.variant) &&
      Number.isFinite(row[goal.field]),
  );
  if (found.length === 0) return undefined;
  const values = found.map((row) => row[goal.field]);
  const value = goal.least !== undefined ? Math.min(...values) : Math.max(...values);
  const reached = goal.least !== undefined ? value >= goal.least : value <= goal.most;
  return {
    value,
    reached,
    unit: { peak_percent: '% of peak', ratio_to_ours: '×' }[goal.field] ?? found[0].unit,
  };
}

/** Goals with their figures, ready for JSON. */
export function report(rows) {
  return goals.flatMap((goal) => {
    const found = judge(goal, rows);
    if (!found) return [];
    const { key, name, bench, variant, where = 'node', least, most } = goal;
    return [{ key, name, bench, variant, where, least, most, ...found }];
  });
}

/** 1234567 → "1 234 567", 12.345 → "12.3", 0.00123 → "0.00123": three digits or all before the point. */
export function figure(value) {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ' ');
  return Number(value.toPrecision(3)).toString();
}

const columns = [
  ['case', 30],
  ['who', 14],
  ['where', 9],
  ['variant', 8],
  ['value', 11],
  ['unit', 10],
  ['peak', 5],
  ['× ours', 6],
];

function cells(row) {
  return [
    row.case,
    row.threads === 1 ? row.who : `${row.who} ×${row.threads}`,
    row.where,
    row.variant,
    figure(row.value),
    row.unit,
    row.peak_percent === undefined ? '' : `${Math.round(row.peak_percent)}%`,
    row.ratio_to_ours === undefined ? '' : figure(row.ratio_to_ours),
  ];
}

const numeric = new Set(['value', 'peak', '× ours']);
function line(texts) {
  return texts
    .map((text, i) => {
      const [name, width] = columns[i];
      const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
      return numeric.has(name) ? cut.padStart(width) : cut.padEnd(width);
    })
    .join(' ')
    .trimEnd();
}

/** At most 100 columns wide: a head line, then a block for each bench. */
export function table(rows) {
  const out = [];
  for (const bench of new Set(rows.map((row) => row.bench))) {
    out.push('', bench, line(columns.map(([name]) => name)));
    for (const row of rows) if (row.bench === bench) out.push(line(cells(row)));
  }
  return out.slice(1).join('\n');
}

/** One row for the progress of a run. */
export const rowLine = (row) => line(cells(row));

/** A row of the document: every field in one order, nothing that is not one, figures of at most five digits. */
export function clean(row) {
  const short = (v) => (v === undefined ? undefined : Number(v.toPrecision(5)));
  const { bench, who, where, threads, variant, unit } = row;
  if (!Number.isFinite(row.value)) throw new TypeError(`${bench} ${row.case}: the value is ${row.value}`);
  const out = { bench, case: row.case, who, where, threads, variant, value: short(row.value), unit };
  if (row.peak_percent !== undefined) out.peak_percent = short(row.peak_percent);
  if (row.ratio_to_ours !== undefined) out.ratio_to_ours = short(row.ratio_to_ours);
  if (row.ratio_range !== undefined) out.ratio_range = row.ratio_range.map(short);
  if (row.note !== undefined) out.note = row.note;
  return out;
}

/** The document that --json writes. */
export function document(head, rows, absent) {
  const list = rows.map(clean);
  return { ...head, goals: report(list), rows: list, absent };
}
