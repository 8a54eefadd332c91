/** A row for every node, to sort and to filter. */
function nodesSection(run, show) {
  const nodes = nodesOf(run);
  if (nodes.length === 0) return null;
  const layered = nodes.some(node => node.layer);
  const columns = [
    {key: 'index', title: '#', number: true, of: node => node.index + 1, help: 'place in the network'},
    {key: 'node', title: 'node', head: true, of: node => node.node, show: (name, node) => node.weight || node.activation
      ? el('button', {type: 'button', class: 'link', title: 'show its numbers', onclick: () => show(node)}, name) : name},
    {key: 'operator', title: 'operator', of: node => node.operator},
    {key: 'decision', title: 'becomes', of: node => node.decision, show: decisionTag},
    {key: 'format', title: 'format', plain: true, of: node => node.format},
    ...(layered ? [
      {key: 'accumulated', title: 'error so far', number: true, of: node => node.layer?.accumulatedNoise, show: words.share, help: 'noise of its result, all before it included, as a share of the power of the signal'},
      {key: 'added', title: 'error added', number: true, of: node => node.layer?.addedNoise, show: words.share, help: 'noise that it adds itself'},
      {key: 'share', title: 'share of error', number: true, of: node => node.layer?.share, show: value => words.percent(value, 1), help: 'noise in the outputs with this layer alone quantized, as a share of all noise there; shares need not add up'},
    ] : []),
    {key: 'range', title: 'range', of: node => node.activation ? node.activation.max - node.activation.min : null, number: true, help: 'of what it computes, on codes',
      show: (_, node) => node.activation ? `${words.short(node.activation.min)} … ${words.short(node.activation.max)}` : NONE},
    {key: 'clipped', title: 'clipped', number: true, of: node => node.activation?.clippedShare, show: words.share, help: 'share of what it computed outside the range'},
    {key: 'weightSqnr', title: 'weights dB', number: true, of: node => node.weight?.sqnrDb, show: value => words.number(value, 1), help: 'signal over noise of its weights as codes'},
    {key: 'activationSqnr', title: 'result dB', number: true, of: node => node.activation?.sqnrDb, show: value => words.number(value, 1), help: 'signal over noise of rounding its result alone'},
    ...(nodes.some(node => node.time) ? [
      {key: 'floatMs', title: 'float ms', number: true, of: node => node.time?.floatMs, show: value => words.number(value, 3), help: 'what it takes in the float network, with one thread; none where the engine made it one with another'},
      {key: 'ms', title: 'ms', number: true, of: node => node.time?.quantizedMs, show: value => words.number(value, 3), help: 'what it takes in the quantized network, with one thread'},
    ] : []),
    {key: 'parameters', title: 'weights', number: true, of: node => node.parameters || null, show: words.large, help: 'how many numbers its constants hold'},
    {key: 'work', title: 'multiply-adds', number: true, of: node => node.multiplyAdds, show: words.large, help: 'for one sample'},
    {key: 'reason', title: 'why', wide: true, of: node => node.reason},
  ];
  const made = table({caption: `All ${nodes.length} nodes of the float network, in its order`, columns, rows: nodes, label: 'Table of nodes'});
  const status = el('p', {class: 'status', role: 'status'}, `${nodes.length} of ${nodes.length} nodes`);
  let text = '';
  let decision = '';
  const refresh = () => {
    const count = made.filter(node => (decision === '' || node.decision === decision)
      && [node.node, node.operator, node.format, node.reason].some(field => field.toLowerCase().includes(text)));
    status.textContent = `${count} of ${nodes.length} nodes`;
  };
  const search = el('input', {type: 'search', placeholder: 'name, operator, format …', id: 'node-filter',
    oninput: event => { text = event.target.value.trim().toLowerCase(); refresh(); }});
  const becomes = picker('Becomes',
    [{value: '', label: 'anything'}, ...Object.entries(decisions)
      .filter(([key]) => nodes.some(node => node.decision === key))
      .map(([key, {label}]) => ({value: key, label: `${key}: ${label}`}))],
    '', value => { decision = value; refresh(); });
  becomes.select.id = 'node-decision';
  return section('nodes', 'Every node',
    'What became of each node and what that costs. Headings sort; a name shows its numbers below.',
    el('div', {class: 'controls'}, el('label', {}, 'Filter', search), becomes.field, status),
    made.element);
}

/** Where two runs decided otherwise about a node. */
function differencesSection() {
  const made = runs.filter(run => run.data.nodes);
  if (made.length < 2) return null;
  const [one, other] = made;
  const others = new Map(nodesOf(other).map(node => [node.node, node]));
  const rows = nodesOf(one).map(node => ({node, other: others.get(node.node)}))
    .filter(row => row.other && (row.node.decision !== row.other.decision || row.node.format !== row.other.format));
  const missing = nodesOf(one).filter(node => !others.has(node.node)).length;
  const lead = missing > 0 ? `${missing} nodes of ${one.name} are not in ${other.name}.`
    : rows.length === 0 ? 'Both decided the same for every node.' : `${rows.length} of ${nodesOf(one).length} nodes are decided otherwise.`;
  const column = (run, key, of) => [
    {key, title: run.name, of: row => of(row).format || of(row).decision, show: (_, row) => el('span', {}, decisionTag(of(row).decision), ' ', of(row).format)},
    {key: key + 'dB', title: `${run.name}: weights dB`, number: true, of: row => of(row).weight?.sqnrDb, show: value => words.number(value, 1)}];
  return section('differences', 'What they decided otherwise', lead,
    rows.length === 0 ? null : table({caption: 'Nodes with another decision or format', rows, columns: [
      {key: 'node', title: 'node', head: true, of: row => row.node.node},
      {key: 'operator', title: 'operator', of: row => row.node.operator},
      ...column(one, 'one', row => row.node), ...column(other, 'other', row => row.other)]}).element);
}
