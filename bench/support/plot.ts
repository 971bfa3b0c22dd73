import { inModules } from "../peers/installed";
import { number, type Result, type Row } from "./result";

const width = 640;
const ink = "#24292f";

/** Draws a result: its curves where it has some, else its rows as bars. @returns SVG */
export async function plot(result: Result): Promise<string> {
  const [{ compile }, vega] = await Promise.all([
    import(inModules("vega-lite/build/index.js")),
    import(inModules("vega/build/vega.module.js")),
  ]);
  const { spec } = compile(result.curves ? lines(result.curves) : bars(result));
  return `${await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG()}\n`;
}

/** On white, so that it can be read wherever it is shown. */
const common = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  padding: 12,
  config: {
    view: { stroke: null },
    axis: { labelColor: ink, titleColor: ink, gridColor: "#e5e7eb", labelLimit: 320 },
    legend: { labelColor: ink, titleColor: ink, orient: "bottom", labelLimit: 500 },
    font: "sans-serif",
  },
};

function bars({ rows, unit = "ms" }: Result) {
  const values = rows
    .filter(hasMedian)
    .map(({ label, median, low, high }) => ({ label, median, low, high, text: number(median) }));
  const y = { field: "label", type: "nominal", sort: null, title: null };
  return {
    ...common,
    width,
    height: { step: 22 },
    data: { values },
    layer: [
      {
        mark: { type: "bar", color: "#3b82c4" },
        encoding: { y, x: { field: "median", type: "quantitative", title: unit } },
      },
      {
        mark: { type: "rule", color: ink },
        encoding: { y, x: { field: "low", type: "quantitative" }, x2: { field: "high" } },
      },
      {
        mark: { type: "text", align: "left", dx: 6, color: ink },
        encoding: { y, x: { field: "high", type: "quantitative" }, text: { field: "text" } },
      },
    ],
  };
}

function hasMedian(row: Row): row is Row & { median: number; low: number; high: number } {
  return row.median !== undefined;
}

function lines({ x, y, lines: series }: NonNullable<Result["curves"]>) {
  const values = series.flatMap(({ label, points }) => points.map((point) => ({ ...point, label })));
  const sizes = values.map((value) => value.x);
  const scale = Math.max(...sizes) / Math.min(...sizes) > 100 ? { type: "log" } : { zero: true };
  return {
    ...common,
    width,
    height: 320,
    data: { values },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "x", type: "quantitative", title: x, scale },
      y: { field: "y", type: "quantitative", title: y, scale: { zero: true } },
      ...(series.length > 1 && { color: { field: "label", type: "nominal", sort: null, title: null } }),
    },
  };
}
