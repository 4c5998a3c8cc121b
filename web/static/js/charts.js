// figure[data-chart]: ECharts, fetched only where there is a chart. Quiet: one accent, direct labels, colours of the page's theme.
import {arrive, library} from "./arrive.js";

const load = library(new URL("../vendor/echarts-6.1.0/echarts.min.js", import.meta.url), "echarts");
const isChinese = document.documentElement.lang.startsWith("zh");
const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function short(value, unit) {
  if (value == null) return "—";
  if (unit === "percent") return `${value}%`;
  const steps = isChinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e3, "K"]];
  const [step, name] = steps.find(([size]) => Math.abs(value) >= size) ?? [1, ""];
  const figure = (value / step).toLocaleString("en", {maximumFractionDigits: step === 1 ? 0 : 1});
  return `${unit === "money" ? "¥" : ""}${figure}${name}`;
}

const ROOM = 40; // px that a figure above a bar needs

function option(kind, {labels, series}, unit, width) {
  const quiet = token("quiet"), line = token("line"), ink = token("ink"), accent = token("accent");
  const colours = [accent, token("edge"), token("news"), token("wait")], lying = kind === "bars";
  const names = {type: "category", data: labels, axisTick: {show: false}, axisLine: {lineStyle: {color: line}}, axisLabel: {color: quiet, fontSize: 12, hideOverlap: true}, inverse: lying, boundaryGap: kind !== "line" && kind !== "area"};
  const isEmpty = series.every(one => one.values.every(value => !value));
  const values = {type: "value", splitNumber: 3, minInterval: unit === "percent" ? 0 : 1, max: isEmpty ? 1 : undefined, splitLine: {show: !lying, lineStyle: {color: line}}, axisLabel: {show: !lying && !isEmpty, color: quiet, fontSize: 12, formatter: value => short(value, unit)}};
  const isBar = kind === "bar" || lying, alone = series.length === 1;
  const widest = Math.max(...series.map(one => [...one.name].reduce((sum, sign) => sum + (sign > "⺀" ? 12.5 : 7), 0)));
  return {
    textStyle: {fontFamily: getComputedStyle(document.body).fontFamily}, color: colours, animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 240,
    legend: {show: isBar && !alone, left: 0, top: 0, itemWidth: 10, itemHeight: 10, textStyle: {color: quiet, fontSize: 12}, selectedMode: false},
    grid: {left: 4, right: lying ? 56 : alone && isBar ? 18 : alone || isBar ? 8 : Math.min(110, widest + 14), top: alone ? 20 : 28, bottom: 4, containLabel: true},
    tooltip: {trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("surface"), borderColor: token("line-strong"), textStyle: {color: ink, fontSize: 12}, axisPointer: {type: isBar ? "shadow" : "line", shadowStyle: {color: line, opacity: .35}, lineStyle: {color: token("line-strong")}}, valueFormatter: value => short(value, unit)},
    xAxis: lying ? values : names, yAxis: lying ? names : values,
    series: series.map((one, at) => ({
      name: one.name, data: one.values, type: isBar ? "bar" : "line", barMaxWidth: 28, smooth: false, symbol: "circle", symbolSize: 5, lineStyle: {width: 2, type: at ? "dashed" : "solid"},
      itemStyle: {borderRadius: isBar ? (lying ? [0, 3, 3, 0] : [3, 3, 0, 0]) : 0}, areaStyle: kind === "area" ? {opacity: .12} : undefined,
      label: {show: isBar && alone && labels.length <= 14 && (lying || width / labels.length >= ROOM), position: lying ? "right" : "top", color: ink, fontSize: 12, formatter: ({value}) => value ? short(value, unit) : ""},
      endLabel: {show: !isBar && !alone, color: quiet, fontSize: 12, formatter: "{a}"}, labelLayout: {moveOverlap: "shiftY"},
    })),
  };
}

const drawn = new Set();
arrive("[data-chart]", figure => {
  const seen = new IntersectionObserver(async entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    seen.disconnect();
    const echarts = await load().catch(() => null);
    if (!echarts) { figure.querySelector(".chart").hidden = true; figure.querySelector(".chart-table").open = true; return; }
    const box = figure.querySelector(".chart"), data = JSON.parse(figure.querySelector("script").textContent);
    const chart = echarts.init(box, null, {renderer: "canvas"});
    const draw = () => chart.setOption(option(figure.dataset.chart, data, figure.dataset.unit, box.clientWidth), true);
    const size = new ResizeObserver(() => { if (box.isConnected) chart.resize(); else { size.disconnect(); chart.dispose(); drawn.delete(draw); } });
    size.observe(box);
    drawn.add(draw);
    draw();
  }, {rootMargin: "200px"});
  seen.observe(figure);
});
new MutationObserver(() => { for (const draw of drawn) draw(); }).observe(document.documentElement, {attributeFilter: ["data-bs-theme"]});
