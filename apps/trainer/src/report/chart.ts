import type { Spec, Title } from 'vega';

/** A line chart. */
export interface Chart {
  /** Above the chart. */
  readonly title: string;
  /** Below the horizontal axis. */
  readonly xTitle: string;
  /** Beside the vertical axis. */
  readonly yTitle: string;
  /** The lines, in the order of the legend. */
  readonly series: readonly Series[];
  /** Draw the vertical axis from 0 to 1, as fits a share; absent: as the values need. */
  readonly share?: boolean;
}

/** One line. */
export interface Series {
  /** In the legend. */
  readonly name: string;
  /** In any order; a point whose y is not finite is left out. */
  readonly points: readonly Point[];
  /** For levels to compare with. */
  readonly dashed?: boolean;
}

/** A point of a line, and the ends of its interval where it has one. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

const MANY = '40'; // points from which a line goes without dots
const FONT = 'DejaVu Sans';
const PALETTE = ['#0b6e99', '#d1495b', '#4f772d', '#8e44ad', '#c97b16', '#444444', '#12908e', '#b0739c'];

/** Draws line charts side by side, five and more in rows of three, as a specification for Vega.
 * @param width - of one chart's plot area, pixels.  @param height - likewise. */
export function chartSpec(charts: readonly Chart[], width = 380, height = 260): Spec {
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    background: 'white',
    padding: 12,
    config: {
      axis: { labelFont: FONT, titleFont: FONT, titleFontWeight: 'normal' },
      legend: { labelFont: FONT, labelLimit: 0, symbolStrokeWidth: 2 },
      title: { font: FONT, fontSize: 13 },
    },
    layout: { columns: charts.length > 4 ? 3 : charts.length, padding: 24, bounds: 'full', align: 'each' },
    marks: charts.map((chart) => panel(chart, width, height)),
  };
}

function panel(chart: Chart, width: number, height: number): NonNullable<Spec['marks']>[number] {
  const rows = chart.series.flatMap(({ name, points, dashed }) =>
    points
      .filter(({ y }) => Number.isFinite(y))
      .map((point) => ({ low: point.y, high: point.y, ...point, name, dashed })),
  );
  const names = chart.series.map(({ name }) => name);
  const columns = names.some(({ length }) => length > 18) ? 2 : 3; // of the legend
  const y =
    chart.share === true ? { domain: [0, 1] } : { domain: { data: 'rows', fields: ['low', 'high'] }, nice: true };
  const title: Title = { text: chart.title, anchor: 'start', frame: 'group', offset: 10 };
  return {
    type: 'group',
    encode: { enter: { width: { value: width }, height: { value: height } } },
    title,
    data: [{ name: 'rows', values: rows }],
    scales: [
      { name: 'x', type: 'linear', domain: { data: 'rows', field: 'x' }, range: [0, width], zero: true },
      { name: 'y', type: 'linear', zero: false, range: [height, 0], ...y },
      { name: 'colour', type: 'ordinal', domain: names, range: PALETTE },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: chart.xTitle, tickCount: 6 },
      {
        orient: 'left',
        scale: 'y',
        title: chart.yTitle,
        grid: true,
        gridScale: 'x',
        gridColor: '#dddddd',
        tickCount: 6,
      },
    ],
    legends: [{ stroke: 'colour', symbolType: 'stroke', orient: 'bottom', direction: 'horizontal', columns }],
    marks: [linesOf()],
  };
}

function linesOf(): NonNullable<Spec['marks']>[number] {
  const x = { scale: 'x', field: 'x' };
  const y = { scale: 'y', field: 'y' };
  const colour = { scale: 'colour', field: 'name' };
  return {
    type: 'group',
    from: { facet: { name: 'line', data: 'rows', groupby: 'name' } },
    data: [{ name: 'sorted', source: 'line', transform: [{ type: 'collect', sort: { field: 'x' } }] }],
    marks: [
      {
        type: 'area',
        from: { data: 'sorted' },
        encode: {
          enter: { x, y: { scale: 'y', field: 'low' }, y2: { scale: 'y', field: 'high' }, fill: colour },
          update: { fillOpacity: { value: 0.18 } },
        },
      },
      {
        type: 'line',
        from: { data: 'sorted' },
        encode: {
          enter: {
            x,
            y,
            stroke: colour,
            strokeWidth: { value: 2 },
            strokeDash: { signal: 'datum.dashed ? [5, 4] : [1, 0]' },
          },
        },
      },
      {
        type: 'symbol', // a line of one point would not be seen
        from: { data: 'sorted' },
        encode: { enter: { x, y, fill: colour, size: { signal: `length(data('sorted')) > ${MANY} ? 0 : 24` } } },
      },
    ],
  };
}
