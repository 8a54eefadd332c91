/** Histograms with the range and the grid of codes drawn on them, for any tensor. */
function tensorsSection(run) {
  const rows = (run.data.values ?? []).filter(row => row.histogram);
  if (rows.length === 0) return null;
  const byName = new Map(rows.map(row => [row.value, row]));
  const options = kind => rows.filter(row => row.kind === kind)
    .map(row => ({value: row.value, label: row.value}))
    .sort((a, b) => a.label.localeCompare(b.label, 'en', {numeric: true}));
  const kinds = [['activation', 'Activations'], ['weight', 'Weights']]
    .map(([kind, label]) => ({label, options: options(kind)})).filter(group => group.options.length > 0);
  const order = kinds.flatMap(group => group.options.map(option => option.value));
  let row = byName.get(noisiest(rows) ?? order[0]);
  let logarithmic = false;

  const pick = picker('Tensor', kinds, row.value, value => choose(value));
  pick.select.id = 'tensor';
  const step = by => choose(order[(order.indexOf(row.value) + by + order.length) % order.length]);
  const scale = el('button', {type: 'button', 'aria-pressed': 'false', onclick: () => {
    logarithmic = !logarithmic;
    scale.setAttribute('aria-pressed', String(logarithmic));
    drawn.entry.draw();
  }}, 'Logarithmic');
  const drawn = chart({title: 'How its numbers are spread', text: inWords(row), height: 340, option: colors => histogram(row, colors, logarithmic)});
  const about = el('div', {});

  function choose(value) {
    row = byName.get(value);
    pick.select.value = value;
    drawn.entry.say(inWords(row));
    drawn.entry.draw();
    about.replaceChildren(tensorFacts(row));
  }

  about.replaceChildren(tensorFacts(row));
  const element = section('tensors', 'Numbers and their grid',
    'How the numbers of a tensor are spread, the range that has codes (between the dashed lines; what lies outside is clipped) and the steps of the grid below.',
    el('div', {class: 'controls'}, pick.field,
      el('div', {class: 'buttons'},
        el('button', {type: 'button', onclick: () => step(-1)}, 'Previous'),
        el('button', {type: 'button', onclick: () => step(1)}, 'Next'), scale)),
    drawn.figure, about);
  const show = node => {
    const wanted = node.weight ?? node.activation;
    if (wanted && byName.has(wanted.value)) {
      choose(wanted.value);
      element.scrollIntoView();
      pick.select.focus({preventScroll: true});
    }
  };
  return {element, show};
}

function noisiest(rows) {
  return rows.filter(row => row.kind === 'activation' && known(row.sqnrDb)).sort((a, b) => a.sqnrDb - b.sqnrDb)[0]?.value;
}

function total(row) {
  return row.histogram.counts.reduce((sum, count) => sum + count, 0);
}

function inWords(row) {
  const {start, width, counts} = row.histogram;
  const top = counts.indexOf(Math.max(...counts));
  return `Histogram of ${row.kind} ${row.value}: ${words.count(total(row))} numbers from ${words.short(start)} to ${words.short(start + width * counts.length)}, `
    + `most of them near ${words.short(start + width * (top + .5))}; codes reach from ${words.short(row.min)} to ${words.short(row.max)}`;
}

function tensorFacts(row) {
  const {grid} = row;
  const one = (least, greatest) => least === greatest ? words.short(least) : `${words.short(least)} … ${words.short(greatest)}`;
  return facts([
    ['format', row.format],
    ['codes', `${grid.lowestCode} … ${grid.highestCode}`],
    [grid.groups === 1 ? 'scale' : `${words.count(grid.groups)} scales`, one(grid.leastScale, grid.greatestScale)],
    ['zero point', one(grid.leastZeroPoint, grid.greatestZeroPoint)],
    ['range', `${words.short(row.min)} … ${words.short(row.max)}`],
    ['clipped', known(row.clippedShare) ? words.share(row.clippedShare) : null],
    ['signal over noise of rounding', known(row.sqnrDb) ? words.decibels(row.sqnrDb) : null],
    ['range chosen by', row.range],
    ['same grid as', row.sharedWith.join(', ')],
  ]);
}

function histogram(row, colors, logarithmic) {
  const {start, width, counts} = row.histogram;
  const least = logarithmic ? .5 : 0;
  const bins = counts.map((count, i) => [start + i * width, start + (i + 1) * width, count]).filter(bin => bin[2] > 0);
  const low = Math.min(start, row.min);
  const high = Math.max(start + width * counts.length, row.max);
  const room = (high - low) * .02;
  const limit = (value, text, position) => ({xAxis: value, label: {formatter: text, color: colors.text, position, distance: 4}});
  return {
    grid: [{left: 8, right: 16, top: 34, bottom: 70, containLabel: true}],
    xAxis: axis(colors, {min: low - room, max: high + room,  axisLabel: {color: colors.soft, hideOverlap: true, formatter: value => words.short(value), showMinLabel: false, showMaxLabel: false}, splitLine: {show: false}, offset: 34}),
    yAxis: axis(colors, {type: logarithmic ? 'log' : 'value', min: least, axisLabel: {color: colors.soft, formatter: value => value < 1 ? '0' : words.large(value)}}),
    series: [
      {type: 'custom', name: 'numbers', clip: true, data: bins, encode: {x: [0, 1], y: 2},
        renderItem: (_, api) => bin(api, row, colors, least),
        markLine: {symbol: 'none', silent: true, animation: false, lineStyle: {color: colors.heat, type: 'dashed', width: 1.5},
          data: [limit(row.min, words.short(row.min), 'end'), limit(row.max, words.short(row.max), 'end')]}},
      {type: 'custom', name: 'grid', data: [[low, high]], encode: {x: [0, 1]}, clip: false, silent: true,
        renderItem: (params, api) => ruler(params, api, row, colors)},
    ],
    tooltip: {...common(colors).tooltip, formatter: point => `${words.short(point.value[0])} … ${words.short(point.value[1])}<br>${words.count(point.value[2])} numbers`},
  };
}

function bin(api, row, colors, least) {
  const [left, top] = api.coord([api.value(0), api.value(2)]);
  const [right, bottom] = api.coord([api.value(1), least]);
  const middle = (api.value(0) + api.value(1)) / 2;
  // half a step beyond the last code still rounds to it
  const half = row.grid.greatestScale / 2;
  const inside = middle >= row.min - half && middle <= row.max + half;
  return {type: 'rect', shape: {x: left, y: Math.min(top, bottom - 1), width: Math.max(1, right - left - 1), height: Math.max(1, bottom - top)},
    style: {fill: inside ? colors[row.kind === 'weight' ? 'weights' : 'quantized'] : colors.heat}};
}

/** The steps of the grid as the lines of a ruler under the axis; the coarsest grid where channels have their own. */
function ruler(params, api, row, colors) {
  const {grid} = row;
  const y = params.coordSys.y + params.coordSys.height + 8;
  const widest = grid.greatestScale;
  const zero = grid.groups === 1 ? grid.leastZeroPoint : Math.round((grid.leastZeroPoint + grid.greatestZeroPoint) / 2);
  const codes = grid.highestCode - grid.lowestCode + 1;
  const [first] = api.coord([(grid.lowestCode - zero) * widest, 0]);
  const [last] = api.coord([(grid.highestCode - zero) * widest, 0]);
  const pitch = (last - first) / Math.max(1, codes - 1);
  const every = Math.max(1, Math.ceil(2.5 / pitch));
  const children = [{type: 'line', shape: {x1: first, y1: y, x2: last, y2: y}, style: {stroke: colors['strong-line'], lineWidth: 1}}];
  for (let code = grid.lowestCode; code <= grid.highestCode; code += every) {
    const x = first + (code - grid.lowestCode) * pitch;
    const isZero = code <= zero && zero < code + every;
    children.push({type: 'line', shape: {x1: x, y1: y, x2: x, y2: y + (isZero ? 16 : 9)}, style: {stroke: isZero ? colors.heat : colors['strong-line'], lineWidth: isZero ? 2 : 1}});
  }
  const note = `${codes} codes` + (grid.groups > 1 ? ', steps of the widest channel' : '') + (every > 1 ? `, every ${every}th drawn` : '');
  children.push({type: 'text', style: {text: note, x: params.coordSys.x, y: y + 18, fill: colors.soft, fontSize: 11}});
  return {type: 'group', children};
}
