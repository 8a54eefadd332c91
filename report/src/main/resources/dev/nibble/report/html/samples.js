/** Samples whose answer changed, as pictures where they are some. */
function samplesSection(run) {
  const {changed} = run.data;
  if (!changed) return null;
  const all = Array.isArray(changed) ? changed : [{path: null, answers: changed}];
  const compared = all.filter(each => each.answers);
  return compared.length === 0 ? null : section('changed', 'Answers that changed', null, ...compared.flatMap(each => gallery(each)));
}

function gallery({path, answers}) {
  const list = answers.samples;
  const lead = list.length === 0
    ? `None of the ${words.count(answers.compared)} samples got another answer.`
    : `${words.count(answers.count)} of ${words.count(answers.compared)} samples got another answer` + (list.length < answers.count ? `; here are ${list.length} of them.` : '.');
  return [el('p', {class: 'lead'}, path ? el('code', {}, path) : null, path ? ': ' : null, lead),
    el('ul', {class: 'gallery'}, list.map(sample => el('li', {},
      sample.image ? el('img', {src: sample.image, alt: `Sample ${sample.name}`, loading: 'lazy'}) : null,
      el('div', {},
        el('p', {}, fileName(sample.name)),
        el('p', {}, `${sample.before} → ${sample.after}`),
        known(sample.label) ? el('p', {class: sample.before === sample.label ? 'lost' : sample.after === sample.label ? 'gained' : null},
          sample.before === sample.label ? `lost: ${sample.label} is right` : sample.after === sample.label ? `gained: ${sample.label} is right` : `both wrong: ${sample.label} is right`) : null))))];
}
