/** Figures of outputs that are no classes, in words. */
const measures = {
  pixelAgreement: ['pixels alike', value => words.percent(value, 2)],
  meanIou: ['mean IoU', value => words.number(value, 4)],
  cosine: ['cosine to the float network', value => words.number(value, 4)],
  retrievalAgreement: ['same nearest sample', value => words.percent(value, 2)],
  stepAgreement: ['steps alike', value => words.percent(value, 2)],
  meanAbsoluteError: ['mean absolute error', words.short],
  maxError: ['greatest error', words.short],
  maxErrorOfRange: ['greatest error, of the range', value => words.percent(value, 2)],
  r2: ['R²', value => words.number(value, 4)],
};

/** The figures that fit the task, each with how sure it is. */
function measureLines(found) {
  return Object.entries(found ?? {}).map(([name, {value, low, high}]) => {
    const [title, show] = measures[name] ?? [name, words.short];
    return {title, text: show(value), sure: known(low) ? `95 % sure: ${show(low)} to ${show(high)}` : null};
  });
}

/** What became of each class, and which answers turned into which. */
function classesSection(run) {
  const models = run.is('evaluation') ? run.data.models.slice(1).filter(model => model.classes?.rows.length || model.classes?.turned.length) : [];
  if (models.length === 0) return null;
  return section('classes', 'Class by class',
    'Lost is what only the float network gets right, gained what only the other does. p is how likely so large a difference would be by chance; too few samples tell none.',
    ...models.flatMap(model => [
      models.length > 1 ? el('h3', {}, el('code', {}, fileName(model.path))) : null,
      model.classes.rows.length ? classTable(model.classes.rows) : null,
      model.classes.turned.length ? turnTable(model.classes.turned) : null]));
}

function classTable(rows) {
  const worst = [...rows].sort((a, b) => (a.gained - a.lost) - (b.gained - b.lost) || a.label - b.label);
  return table({caption: `${rows.length} classes, the one that lost most first`, rows: worst, label: 'Table of classes', columns: [
    {key: 'label', title: 'class', head: true, of: row => row.label, show: String},
    {key: 'samples', title: 'samples', number: true, of: row => row.samples, show: words.count},
    {key: 'before', title: 'before', number: true, of: row => row.before, show: value => words.percent(value)},
    {key: 'after', title: 'after', number: true, of: row => row.after, show: value => words.percent(value)},
    {key: 'low', title: '95 % sure', number: true, of: row => row.afterInterval[0], show: (_, row) => row.afterInterval.map(value => words.percent(value)).join(' to '), help: 'of what it is after'},
    {key: 'lost', title: 'lost', number: true, of: row => row.lost, show: words.count},
    {key: 'gained', title: 'gained', number: true, of: row => row.gained, show: words.count},
    {key: 'p', title: 'p', number: true, of: row => row.probabilityOfChance, show: value => known(value) ? words.short(value) : NONE, help: 'exact test of McNemar; from 6 lost or gained on'},
  ]}).element;
}

function turnTable(turned) {
  const name = value => value < 0 ? 'NaN' : String(value);
  return el('div', {style: 'margin-top: 1rem'}, table({caption: 'Which answers turned into which, the most frequent first', rows: turned, label: 'Table of answers that turned', columns: [
    {key: 'before', title: 'before', number: true, of: row => row.before, show: name},
    {key: 'after', title: 'after', number: true, of: row => row.after, show: name},
    {key: 'samples', title: 'samples', number: true, of: row => row.samples, show: words.count},
    {key: 'lost', title: 'lost', number: true, of: row => row.lost, show: words.count},
    {key: 'gained', title: 'gained', number: true, of: row => row.gained, show: words.count},
  ]}).element);
}
