/** What to try next. */
function nextSection(run) {
  const {next} = run.data;
  if (!next?.length) return null;
  return section('next', 'What to try next', null,
    el('ul', {class: 'steps'}, next.map(step => el('li', {}, step.why + ':', command(step.command)))));
}

/** How the result came about, so that anybody can make it again. */
function provenanceSection(run) {
  const {data} = run;
  const from = data.provenance ?? {engine: data.engine, samples: data.samples?.description};
  const findings = data.findings ?? [];
  return section('provenance', 'How it was made', null,
    from.command ? el('div', {}, el('p', {}, 'The same again:'), command(from.command)) : null,
    facts([
      ['Nibble', from.nibble],
      ['engine', from.engine],
      ['samples', from.samples],
      ['preprocessing', from.preprocess],
      ['recipe', from.recipe?.name],
      ['seed', known(from.seed) ? String(from.seed) : null],
      ['took', known(data.seconds) ? words.seconds(data.seconds) : null],
      ['SHA-256 of the float network', from.sha256 ? el('code', {}, from.sha256.model) : null, true],
      ['SHA-256 of the result', from.sha256 ? el('code', {}, from.sha256.output) : null, true],
    ]),
    from.recipe ? fold('The recipe as it was used', from.recipe) : null,
    from.plan ? fold('The plan: what was decided for every node and value', from.plan) : null,
    findings.length ? findingsTable(findings) : null,
    el('p', {style: 'margin-top: 1rem'}, el('button', {type: 'button', onclick: () => download(run)}, 'Save the data as JSON')));
}

/** Long texts are laid out only when somebody looks. */
function fold(title, data) {
  const text = el('pre', {tabindex: '0'});
  return el('details', {ontoggle: () => { text.textContent ||= JSON.stringify(data, null, 2); }}, el('summary', {}, title), text);
}

function findingsTable(findings) {
  const holder = el('div', {});
  const build = () => {
    if (holder.hasChildNodes()) return;
    holder.append(table({
      caption: `${findings.length} findings, in order`,
      columns: [
        {key: 'pass', title: 'pass', of: each => each.pass},
        {key: 'subject', title: 'about', of: each => each.subject},
        {key: 'what', title: 'what', wide: true, of: each => each.applied ?? each.skipped ?? each.measured,
          show: (text, each) => each.skipped ? 'skipped: ' + text : text},
        {key: 'value', title: 'value', number: true, of: each => each.value, show: value => known(value) ? words.short(value) : ''},
      ],
      rows: findings,
    }).element);
  };
  return el('details', {ontoggle: build}, el('summary', {}, 'Everything that the passes had to say'), holder);
}

function download(run) {
  const link = el('a', {href: URL.createObjectURL(new Blob([JSON.stringify(run.data, null, 2)], {type: 'application/json'})), download: run.name + '.json'});
  link.click();
  URL.revokeObjectURL(link.href);
}
