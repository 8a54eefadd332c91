/** What the page holds, a run for each command whose report it shows. */
const runs = [...document.querySelectorAll('script.run')].map(script => {
  const data = JSON.parse(script.textContent);
  return {name: script.dataset.name, data, is: kind => data.kind === kind};
});

/** What an evaluation among the runs says of a network file. */
function evaluated(path) {
  for (const run of runs.filter(each => each.is('evaluation'))) {
    const found = run.data.models.find(model => fileName(model.path) === fileName(path));
    if (found) return {entry: found, baseline: run.data.models[0], data: run.data};
  }
  return null;
}

/** The row of a value that is quantized, itself or with another. */
function valueIndex(data) {
  const index = new Map();
  for (const row of data.values ?? []) {
    [row.value, ...row.sharedWith].forEach(name => index.set(name, row));
  }
  return index;
}

/** What a comparison layer by layer found, in the run or among the runs. */
function comparison(run) {
  const other = runs.find(each => each.is('comparison') && fileName(each.data.quantized) === fileName(run.data.output));
  return run.data.layers ?? other?.data ?? {layers: [], times: []};
}

/** The nodes of a run with what is known of their weights and of what they compute. */
function nodesOf(run) {
  if (run.nodes) return run.nodes;
  const values = valueIndex(run.data);
  const {layers: found, times: taken = []} = comparison(run);
  const times = new Map(taken.map(time => [time.node, time]));
  const layers = new Map(found.flatMap(layer => layer.nodes.map(node => [node, layer])));
  run.values = values;
  run.nodes = (run.data.nodes ?? []).map((node, index) => {
    const weight = node.weights.map(name => values.get(name)).find(Boolean);
    const activation = node.outputs.map(name => values.get(name)).find(Boolean);
    // a layer is told of the node that counts; the others in it share its colour
    const within = layers.get(node.node);
    return {...node, index, weight, activation, within, layer: within?.layer === node.node ? within : undefined, time: times.get(node.node)};
  });
  return run.nodes;
}

/** What more bits or other steps can be said about by colour. */
const decisions = {
  quantized: {label: 'computes on codes', color: 'quantized'},
  dynamic: {label: 'codes, ranges found at run time', color: 'dynamic'},
  weights: {label: 'only weights are codes', color: 'weights'},
  absorbed: {label: 'absorbed by another node', color: 'absorbed'},
  float: {label: 'float', color: 'float'},
};

const decisionTag = decision => el('span',
  {class: 'tag', style: `--tag: var(--${(decisions[decision] ?? {color: 'absorbed'}).color})`}, decision);
