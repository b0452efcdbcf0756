"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const tip = document.getElementById("tip");
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const faint = (name, share) => {
    const hex = colour(name).slice(1);
    const part = (i) => parseInt(hex.slice(i, i + 2), 16);
    return `rgba(${part(0)}, ${part(2)}, ${part(4)}, ${share})`;
  };

  // Numbers: as many digits as the step between two ticks needs.
  const tidy = (value) => value == null ? "" : String(+value.toPrecision(9));
  // One way of telling time for the whole page: by its longest.
  const clock = data.equity.t.length > 0 && data.equity.t[data.equity.t.length - 1] >= 120;
  const seconds = (value) => {
    if (value == null) return "";
    if (!clock) return tidy(+value.toFixed(4)) + " s";
    const at = Math.abs(value);
    const h = Math.floor(at / 3600), m = Math.floor(at / 60) % 60, s = +(at % 60).toFixed(3);
    const two = (n) => (n < 10 ? "0" : "") + n;
    return (h ? h + ":" + two(m) : m) + ":" + two(s);
  };

  // The tooltip: one for everything that has something to say.
  const say = (text, x, y) => {
    tip.textContent = text;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + "px";
    tip.style.top = (y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18) + "px";
  };
  document.addEventListener("mousemove", (event) => {
    const told = event.target.closest && event.target.closest("[data-tip]");
    if (told) say(told.dataset.tip, event.clientX, event.clientY);
    else if (!event.target.closest || !event.target.closest("#price")) tip.hidden = true;
  });

  // Charts: a shared cursor, a shared zoom, colours read when drawn so that they follow light and dark.
  const charts = [];
  const zoom = (source, key) => {
    if (key !== "x") return;
    const { min, max } = source.scales.x; // set a moment after it was asked for, so equal scales end the round, not a flag
    for (const chart of charts) {
      const { min: low, max: high } = chart.scales.x;
      if (chart !== source && low != null && (low !== min || high !== max)) chart.setScale("x", { min, max });
    }
  };
  const axis = (extra) => ({
    stroke: () => colour("dim"), font: "12px system-ui, sans-serif",
    grid: { stroke: () => colour("grid"), width: 1 }, ticks: { stroke: () => colour("rule"), width: 1, size: 5 }, ...extra,
  });
  const line = (label, name, extra) => ({
    label, stroke: () => colour(name), width: 1.5, points: { show: false }, value: (_, value) => tidy(value), spanGaps: false, ...extra,
  });
  const decades = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].flatMap((power) => [power, 2 * power, 5 * power]);
  const steps = [...decades, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800];
  const wholes = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((power) => [power, 2 * power, 5 * power]);
  const stepped = uPlot.paths.stepped({ align: 1 });

  // Nobody points at a moment: the legend tells the last one.
  const rest = (u) => {
    const last = u.data[0].length - 1;
    if (u.legend.idx == null && last >= 0) u.setLegend({ idx: last }, false);
  };

  const chart = (id, height, columns, series, extra) => {
    const place = document.getElementById(id);
    if (!columns[0].length) {
      place.innerHTML = "<p class=\"empty\">Nothing was recorded.</p>";
      return;
    }
    const options = {
      width: place.clientWidth, height,
      scales: { x: { time: false }, ...(extra && extra.scales) },
      axes: [
        axis({ values: (_, ticks) => ticks.map(seconds), space: 80, size: 34, incrs: steps }),
        axis({ values: (_, ticks) => ticks.map(tidy), size: 58, space: 34, ...(extra && extra.axis) }),
      ],
      series: [{ label: "time", value: (_, value) => seconds(value) }, ...series],
      cursor: { sync: { key: "run" }, drag: { x: true, y: false }, points: { size: 6 } },
      legend: { live: true },
      bands: extra && extra.bands,
      hooks: { setScale: [zoom], setLegend: [rest], ready: [rest], ...(extra && extra.hooks) },
    };
    const made = new uPlot(options, columns, place);
    charts.push(made);
    new ResizeObserver(() => {
      if (place.clientWidth && place.clientWidth !== made.width) made.setSize({ width: place.clientWidth, height });
    }).observe(place);
    return made;
  };

  // Fills: triangles on the price chart.
  let fills = data.contracts[0].fills;
  const firstFill = (time) => {
    let low = 0, high = fills.t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fills.t[middle] < time) low = middle + 1; else high = middle;
    }
    return low;
  };
  const drawFills = (u) => {
    const ctx = u.ctx, { min, max } = u.scales.x, from = firstFill(min);
    let to = from;
    while (to < fills.t.length && fills.t[to] <= max) to++;
    // By their own numbers, so that a mark stays while the chart is moved.
    const every = Math.ceil((to - from) / data.marks);
    const crowded = Math.max(0, Math.min(1, (to - from) / every / u.width * 4 - 1));
    const size = (6.5 - 2 * crowded) * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    ctx.lineWidth = (2 - crowded) * devicePixelRatio;
    ctx.strokeStyle = colour("card");
    const bid = colour("bid"), ask = colour("ask");
    for (let i = Math.ceil(from / every) * every; i < to; i += every) {
      const x = u.valToPos(fills.t[i], "x", true), y = u.valToPos(fills.px[i], "y", true);
      const way = fills.buy[i] ? 1 : -1;
      ctx.fillStyle = way > 0 ? bid : ask;
      ctx.beginPath();
      ctx.moveTo(x, y - way * size * 0.4);
      ctx.lineTo(x - size, y + way * size * 1.2);
      ctx.lineTo(x + size, y + way * size * 1.2);
      ctx.closePath();
      ctx.stroke();
      ctx.fill();
    }
    ctx.restore();
  };
  const nearFill = (u) => {
    const { left, top } = u.cursor;
    if (left < 0) { tip.hidden = true; return; }
    const reach = 9, box = u.over.getBoundingClientRect();
    let best = -1, least = reach * reach;
    for (let i = firstFill(u.posToVal(left - reach, "x")); i < fills.t.length; i++) {
      const dx = u.valToPos(fills.t[i], "x") - left, dy = u.valToPos(fills.px[i], "y") - top;
      if (dx > reach) break;
      if (dx * dx + dy * dy < least) { least = dx * dx + dy * dy; best = i; }
    }
    if (best < 0 || !u.over.matches(":hover")) { if (u.over.matches(":hover")) tip.hidden = true; return; }
    say(`${seconds(fills.t[best])}  ${fills.line[best]}`, box.left + left, box.top + top);
  };

  const e = data.equity, first = data.contracts[0];
  const quote = (label, name) => line(label, name, { paths: stepped, width: 1.25 });
  const touch = (label) => line(label, "dim", { paths: stepped, width: 1 });
  // What is drawn of a contract, chart by chart.
  const price = ({ market: m }) => [m.t, m.bid, m.ask, m.ourBid, m.ourAsk];
  const inventory = (contract) => [contract.inventory.t, contract.inventory.position];
  const spread = ({ bands: { spread: s } }) => [s.t, s.mean, s.high, s.low];
  const depth = ({ bands: { bidQty: b, askQty: a } }) => [b.t, b.mean, b.high, b.low, a.mean, a.high, a.low];
  const drawn = [];
  const ofContract = (id, height, columns, series, extra) => {
    const made = chart(id, height, columns(first), series, extra);
    if (made) drawn.push([made, columns]);
  };
  ofContract("price", 400, price,
    [touch("best bid"), touch("best ask"), quote("our bid", "bid"), quote("our ask", "ask")],
    { bands: [{ series: [2, 1], fill: () => colour("shade") }], hooks: { draw: [drawFills], setCursor: [nearFill] } });
  const whole = data.contracts.every((contract) => contract.inventory.position.every(Number.isInteger));
  ofContract("inventory", 190, inventory,
    [line("inventory", "mark", { paths: stepped, fill: () => faint("mark", 0.16) })], { axis: { space: 22, ...(whole ? { incrs: wholes } : {}) } });
  const money = (_, value) => value == null ? "" : value.toFixed(4);
  chart("equity", 260, [e.t, e.equity, e.drawdown],
    [line("equity", "ink", { width: 2, value: money }), line("drawdown", "down", { width: 1, value: money, fill: () => faint("down", 0.2) })]);
  // What jumps at every sample: a mean within a band of the lowest and the highest.
  const banded = (label, name) => [
    line(label, name, {
      paths: stepped,
      value: (u, mean, at, i) => mean == null ? "" : `${tidy(+mean.toPrecision(4))} (${tidy(u.data[at + 2][i])} to ${tidy(u.data[at + 1][i])})`,
    }),
    line("highest", name, { paths: stepped, width: 0, class: "quiet" }), line("lowest", name, { paths: stepped, width: 0, class: "quiet" }),
  ];
  const between = (high, name) => ({ series: [high, high + 1], fill: () => faint(name, 0.22) });
  const fromZero = { y: { range: (_, low, high) => [0, (high || 1) * 1.08] } };
  ofContract("spread", 200, spread, banded("spread", "ink"), { scales: fromZero, bands: [between(2, "ink")] });
  ofContract("depth", 200, depth,
    [...banded("bid", "bid"), ...banded("ask", "ask")], { scales: fromZero, bands: [between(2, "bid"), between(5, "ask")] });

  // Another contract: the same charts and the same moments.
  const pick = document.getElementById("contract");
  if (pick) pick.addEventListener("change", () => {
    const contract = data.contracts[+pick.value];
    fills = contract.fills;
    document.querySelectorAll(".contract").forEach((name) => { name.textContent = contract.name; });
    ["price", "inventory"].forEach((id, i) => { document.getElementById(id + "-note").textContent = contract.notes[i]; });
    for (const [u, columns] of drawn) {
      const { min, max } = u.scales.x;
      u.setData(columns(contract));
      u.setScale("x", { min, max });
      u.setLegend({ idx: u.data[0].length - 1 }, false);
    }
  });

  const redraw = () => {
    for (const u of charts) {
      u.redraw(false, true);
      u.root.querySelectorAll(".u-series").forEach((row, i) => {
        const marker = row.querySelector(".u-marker");
        if (i > 0 && marker) marker.style.borderColor = u.series[i].stroke(u, i);
      });
    }
  };
  document.addEventListener("theme", redraw);
  redraw();
})();
