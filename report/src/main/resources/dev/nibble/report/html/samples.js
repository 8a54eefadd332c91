/** Samples whose answer changed, as pictures where they are some. */
function samplesSection(run) {
  const {changed} = run.data;
  if (!changed) return null;
  const list = changed.samples;
  const lead = list.length === 0
    ? `None of the ${words.count(changed.compared)} samples got another answer.`
    : `${words.count(changed.count)} of ${words.count(changed.compared)} samples got another answer` + (list.length < changed.count ? `; here are ${list.length} of them.` : '.');
  return section('changed', 'Answers that changed', lead,
    el('ul', {class: 'gallery'}, list.map(sample => el('li', {},
      sample.image ? el('img', {src: sample.image, alt: `Sample ${sample.name}`, loading: 'lazy'}) : null,
      el('div', {},
        el('p', {}, fileName(sample.name)),
        el('p', {}, `${sample.before} → ${sample.after}`),
        known(sample.label) ? el('p', {class: sample.before === sample.label ? 'lost' : sample.after === sample.label ? 'gained' : null},
          sample.before === sample.label ? `lost: ${sample.label} is right` : sample.after === sample.label ? `gained: ${sample.label} is right` : `both wrong: ${sample.label} is right`) : null)))));
}
