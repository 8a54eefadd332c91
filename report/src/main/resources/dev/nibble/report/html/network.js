const BOX = {width: 124, height: 40, across: 34, down: 34, apart: 12};

/** The network as a picture that is read line by line, to and fro, coloured by what went wrong where. */
function networkSection(run, show) {
  const nodes = nodesOf(run);
  if (nodes.length === 0) return null;
  const placed = layers(nodes);
  const heats = [
    {value: 'added', label: 'error added', of: node => node.within?.addedNoise, show: words.share},
    {value: 'accumulated', label: 'error so far', of: node => node.within?.accumulatedNoise, show: words.share},
    {value: 'share', label: 'share of the final error', of: node => node.within?.share, show: value => words.percent(value)},
    {value: 'activation', label: 'noise of its result alone', of: node => noise(node.activation?.sqnrDb), show: words.share},
    {value: 'weight', label: 'noise of its weights', of: node => noise(node.weight?.sqnrDb), show: words.share},
    {value: 'clipped', label: 'clipped share', of: node => node.activation?.clippedShare, show: words.share},
  ].filter(heat => nodes.some(node => known(heat.of(node))));
  let by = heats[0] ?? null;
  let zoom = 1;

  const pick = picker('Coloured by', [...heats, {value: '', label: 'what became of it'}], by?.value ?? '', value => {
    by = heats.find(heat => heat.value === value) ?? null;
    legend.replaceChildren(...key(by, nodes));
    drawn.entry.draw();
  });
  pick.select.id = 'colour';
  const legend = el('div', {}, ...key(by, nodes));
  const detail = el('div', {class: 'detail', role: 'status'}, el('p', {}, 'Choose a node to see what became of it.'));
  const drawn = chart({
    title: 'The float network',
    text: `Picture of ${nodes.length} nodes in ${placed.depth} steps from input to output, an arrow for every value that one hands to another; the table above lists them`,
    height: 200,
    option: (colors, width) => picture(placed, by, colors, width, zoom),
    onclick: event => {
      const node = nodes[event.data?.index];
      if (node) detail.replaceChildren(describe(node, by, show));
    },
  });
  const holder = el('div', {class: 'scroll picture', tabindex: '0', role: 'region', 'aria-label': 'Picture of the network, scrollable'}, drawn.box);
  drawn.figure.append(holder);
  const draw = drawn.entry.draw;
  drawn.entry.draw = () => {
    const columns = fitting(holder.clientWidth, zoom);
    const size = extent(placed, columns);
    drawn.box.style.width = Math.max(holder.clientWidth - 2, zoom * size.width) + 'px';
    drawn.box.style.height = zoom * size.height + 'px';
    placed.columns = columns;
    draw();
  };
  const zoomTo = value => {
    zoom = Math.min(3, Math.max(.4, value));
    drawn.entry.draw();
  };
  return section('network', 'The network', 'Read it like a line of text that turns back at the end of each row.',
    el('div', {class: 'controls'}, pick.field,
      el('div', {class: 'buttons zoom', role: 'group', 'aria-label': 'Zoom'},
        el('button', {type: 'button', 'aria-label': 'Zoom out', onclick: () => zoomTo(zoom / 1.3)}, '−'),
        el('button', {type: 'button', 'aria-label': 'Zoom in', onclick: () => zoomTo(zoom * 1.3)}, '+'),
        el('button', {type: 'button', onclick: () => zoomTo(1)}, 'Fit'))),
    legend, drawn.figure, detail);
}

const noise = decibels => known(decibels) ? 10 ** (-decibels / 10) : null;

/** The longest way from an input to each node: where it stands. */
function layers(nodes) {
  const producer = new Map();
  nodes.forEach((node, i) => node.outputs.forEach(output => producer.set(output, i)));
  const edges = [];
  const layer = nodes.map(() => 0);
  nodes.forEach((node, i) => node.inputs.forEach(input => {
    const from = producer.get(input);
    if (from !== undefined && from !== i) {
      edges.push({from, to: i});
      if (from < i) layer[i] = Math.max(layer[i], layer[from] + 1);
    }
  }));
  // a node that only feeds late readers stands just before them
  for (let i = nodes.length - 1; i >= 0; i--) {
    const readers = edges.filter(edge => edge.from === i && edge.to > i);
    if (readers.length > 0 && !edges.some(edge => edge.to === i)) {
      layer[i] = Math.max(0, Math.min(...readers.map(edge => layer[edge.to])) - 1);
    }
  }
  const rows = new Map();
  nodes.forEach((_, i) => rows.set(layer[i], [...(rows.get(layer[i]) ?? []), i]));
  const steps = [...rows.keys()].sort((a, b) => a - b).map(each => rows.get(each));
  return {nodes, edges, steps, depth: steps.length};
}

function fitting(width, zoom) {
  return Math.max(2, Math.floor((width / zoom - BOX.across) / (BOX.width + BOX.across)));
}

/** Where each row of steps begins, and how high it is. */
function rowsOf(placed, columns) {
  const rows = [];
  for (let from = 0, top = 0; from < placed.steps.length; from += columns) {
    const steps = placed.steps.slice(from, from + columns);
    const stacked = Math.max(...steps.map(step => step.length));
    const height = stacked * BOX.height + (stacked - 1) * BOX.apart;
    rows.push({steps, top, height});
    top += height + BOX.down;
  }
  return rows;
}

function extent(placed, columns) {
  const last = rowsOf(placed, columns).at(-1);
  const used = Math.min(columns, placed.steps.length);
  return {width: used * (BOX.width + BOX.across) + BOX.across, height: last.top + last.height + 2 * BOX.down};
}

/** Where every node stands: row by row, to and fro. */
function places(placed, columns) {
  const at = new Map();
  rowsOf(placed, columns).forEach((row, r) => row.steps.forEach((step, s) => {
    const column = r % 2 === 0 ? s : columns - 1 - s;
    const own = step.length * BOX.height + (step.length - 1) * BOX.apart;
    step.forEach((index, k) => at.set(index, {
      x: BOX.across + BOX.width / 2 + column * (BOX.width + BOX.across),
      y: BOX.down + row.top + (row.height - own) / 2 + BOX.height / 2 + k * (BOX.height + BOX.apart),
      row: r, column, top: BOX.down + row.top, bottom: BOX.down + row.top + row.height,
    }));
  }));
  return at;
}

function picture(placed, by, colors, width, zoom) {
  const {columns, nodes} = placed;
  const size = extent(placed, columns);
  const at = places(placed, columns);
  const paint = by ? ramp(by, nodes, colors) : node => colors[(decisions[node.decision] ?? {color: 'absorbed'}).color];
  const scaled = ([x, y]) => [zoom * x, zoom * y];
  const ways = placed.edges.map(({from, to}, i) => route(at.get(from), at.get(to), i).map(scaled));
  const fixed = most => ({type: 'value', min: 0, max: most, show: false});
  return {
    grid: {left: 0, right: 0, top: 0, bottom: 0},
    xAxis: fixed(width),
    yAxis: {...fixed(zoom * size.height), inverse: true},
    tooltip: {...common(colors).tooltip, formatter: point => point.seriesType === 'scatter' ? tip(nodes[point.data.index], by) : ''},
    series: [{
      type: 'lines', coordinateSystem: 'cartesian2d', polyline: true, silent: true,
      lineStyle: {color: colors['strong-line'], width: 1.2, opacity: 1},
      data: ways.map(way => ({coords: way})),
    }, {
      type: 'scatter', symbol: 'triangle', symbolSize: 7 * zoom, silent: true,
      itemStyle: {color: colors['strong-line'], opacity: 1},
      data: ways.map(way => head(way.at(-2), way.at(-1), 3.5 * zoom)),
    }, {
      type: 'scatter', symbol: 'roundRect', z: 3, symbolSize: [zoom * BOX.width, zoom * BOX.height],
      data: nodes.map((node, index) => {
        const fill = paint(node);
        return {
          index, value: scaled([at.get(index).x, at.get(index).y]),
          itemStyle: {color: fill, opacity: 1, borderColor: colors['strong-line'], borderWidth: node.decision === 'float' ? 2.5 : 1, borderType: node.decision === 'absorbed' ? 'dashed' : 'solid'},
          label: {show: true, position: 'inside', align: 'center', color: readable(fill), fontSize: 11.5 * zoom, lineHeight: 15 * zoom, fontWeight: 600,
            formatter: `${cut(node.node, 18)}\n{op|${cut(node.operator, 20)}}`,
            rich: {op: {align: 'center', fontSize: 10 * zoom, color: readable(fill), lineHeight: 14 * zoom}}},
        };
      }),
    }],
  };
}

/** The head of an arrow, pointing from one place to another. */
function head([x1, y1], [x2, y2], half) {
  const across = Math.sign(x2 - x1);
  const down = Math.sign(y2 - y1);
  return {value: [x2 - across * half, y2 - down * half], symbolRotate: across !== 0 ? -90 * across : down > 0 ? 180 : 0};
}

/** From box to box: straight to a neighbour, else through the space between rows, round what stands there. */
function route(from, to, index) {
  const wide = BOX.width / 2;
  const high = BOX.height / 2;
  // lines that run side by side keep a little apart
  const shift = (index % 5 - 2) * 3;
  if (from.row === to.row && Math.abs(from.column - to.column) === 1) {
    const way = to.x > from.x ? 1 : -1;
    return [[from.x + way * wide, from.y], [to.x - way * wide, to.y]];
  }
  if (from.row === to.row) {
    const lane = from.top - BOX.down / 2 + shift;
    return [[from.x + shift, from.y - high], [from.x + shift, lane], [to.x - 14 + shift, lane], [to.x - 14 + shift, to.y - high]];
  }
  if (from.x === to.x && to.row === from.row + 1) return [[from.x, from.y + high], [to.x, to.y - high]];
  const below = from.bottom + BOX.down / 2 + shift;
  if (to.row === from.row + 1) return [[from.x + shift, from.y + high], [from.x + shift, below], [to.x - 14 + shift, below], [to.x - 14 + shift, to.y - high]];
  const beside = to.x - wide - BOX.across / 2 + shift;
  const above = to.top - BOX.down / 2 + shift;
  return [[from.x + shift, from.y + high], [from.x + shift, below], [beside, below], [beside, above], [to.x - 14 + shift, above], [to.x - 14 + shift, to.y - high]];
}

const cut = (text, most) => text.length <= most ? text : '…' + text.slice(1 - Math.floor(most));

/** From the colour of the surface to that of heat, by the logarithm of what differs a thousandfold. */
function ramp(by, nodes, colors) {
  const values = nodes.map(by.of).filter(value => known(value) && value > 0);
  const most = Math.max(...values);
  const least = Math.max(Math.min(...values), most / 1e4);
  return node => {
    const value = by.of(node);
    if (!known(value)) return colors.raised;
    const share = value <= least ? 0 : most === least ? 1 : Math.log(value / least) / Math.log(most / least);
    return mix(colors.surface, colors.heat, .06 + .94 * share);
  };
}

const channels = color => [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
const mix = (from, to, share) => '#' + channels(from)
  .map((channel, i) => Math.round(channel + (channels(to)[i] - channel) * share).toString(16).padStart(2, '0')).join('');

/** Black or white, whichever stands out. */
function readable(color) {
  const [r, g, b] = channels(color).map(channel => channel / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b > .22 ? '#10151f' : '#ffffff';
}

function tip(node, by) {
  const escape = text => String(text).replace(/[&<>]/g, sign => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[sign]);
  return [`<b>${escape(node.node)}</b>`, escape(node.operator), `${node.decision} ${escape(node.format)}`,
    by && known(by.of(node)) ? `${by.label}: ${by.show(by.of(node))}` : ''].filter(Boolean).join('<br>');
}

function describe(node, by, show) {
  return el('p', {}, el('strong', {}, node.node), ` (${node.operator}) `, decisionTag(node.decision), ' ', node.format,
    node.reason ? `, ${node.reason}` : '', by && known(by.of(node)) ? `; ${by.label} ${by.show(by.of(node))}. ` : '. ',
    node.weight || node.activation ? el('button', {type: 'button', class: 'link', onclick: () => show(node)}, 'Show its numbers') : '');
}

/** What the colours mean. */
function key(by, nodes) {
  if (!by) {
    return [el('ul', {class: 'legend'}, Object.keys(decisions).filter(each => nodes.some(node => node.decision === each))
      .map(each => el('li', {}, decisionTag(each))))];
  }
  const values = nodes.map(by.of).filter(value => known(value) && value > 0);
  return [el('p', {class: 'legend'}, el('span', {}, by.label + ': ' + by.show(Math.max(Math.min(...values), Math.max(...values) / 1e4)),
    el('span', {class: 'ramp', style: 'background: linear-gradient(90deg, var(--surface), var(--heat)); border: 1px solid var(--line)'}),
    by.show(Math.max(...values))), el('span', {}, 'Dashed: absorbed by another node. Thick border: float.'))];
}
