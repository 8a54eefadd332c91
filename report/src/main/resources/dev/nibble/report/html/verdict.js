/** The networks that the page speaks of, each beside the one that it is compared with. */
function subjects() {
  const made = runs.filter(run => run.data.output);
  if (made.length > 0) {
    return made.map(run => ({run, ...ofQuantization(run.data)}));
  }
  return runs.filter(run => run.is('evaluation')).flatMap(run => {
    const [baseline, ...others] = run.data.models;
    return (others.length > 0 ? others : [baseline])
      .map(entry => ({run, ...ofEvaluation(entry, baseline, run.data)}));
  });
}

function ofQuantization(data) {
  const measured = data.output ? evaluated(data.output) : null;
  const found = measured ? ofEvaluation(measured.entry, measured.baseline, measured.data) : {};
  return {
    file: data.output,
    baseline: data.model,
    size: {before: data.sizeBytes?.float, now: data.sizeBytes?.quantized, ratio: data.sizeRatio},
    agreement: data.error?.agreement,
    low: data.verdict?.agreementLow,
    high: data.verdict?.agreementHigh,
    change: data.verdict?.top1Change,
    changeError: data.verdict?.top1ChangeStandardError,
    sqnrDb: data.error?.sqnrDb,
    cosine: data.error?.cosine,
    samples: data.error?.samples,
    on: data.verdict?.judgedOn,
    ...Object.fromEntries(Object.entries(found).filter(([, value]) => known(value) && value !== '')),
    measure: data.next?.find(step => step.command.startsWith('nibble evaluate'))?.command
      ?? `nibble evaluate ${data.model} ${data.output} --data DATA`,
  };
}

function ofEvaluation(entry, baseline, data) {
  const pair = of => ({before: of(baseline), now: of(entry)});
  return {
    file: entry.path,
    baseline: baseline.path,
    alone: entry === baseline,
    size: pair(model => model.sizeBytes),
    latency: {...pair(model => model.latencyMs?.median), times: inverse(entry.latencyMs?.ratio)},
    latency95: pair(model => model.latencyMs?.p95),
    latencyAll: {...pair(model => model.latencyAllThreadsMs?.median), times: inverse(entry.latencyAllThreadsMs?.ratio)},
    threads: entry.latencyAllThreadsMs?.threads,
    load: pair(model => model.loadMs),
    throughput: pair(model => model.samplesPerSecond),
    joules: pair(model => model.energy?.measuredJoules),
    estimate: pair(model => model.energy?.estimate?.joules),
    estimated: entry.energy?.estimate,
    cost: pair(model => model.costPerMillion),
    price: data.pricePerHour,
    memory: pair(model => model.peakMemoryBytes),
    top1: pair(model => model.top1),
    task: data.task,
    measures: entry === baseline ? [] : measureLines(entry.taskMeasures),
    agreement: entry.agreement,
    low: entry.agreementInterval?.[0],
    high: entry.agreementInterval?.[1],
    change: entry.top1Difference?.mean,
    changeError: entry.top1Difference?.standardError,
    sqnrDb: entry.sqnrDb,
    cosine: entry.cosine,
    samples: data.samples?.count,
    on: data.samples?.description,
    measure: `nibble evaluate ${baseline.path} ${entry.path} --data DATA`,
  };
}

function headline(subject) {
  const parts = [];
  const [first] = subject.measures ?? [];
  if (first) parts.push(`${first.title}: ${first.text}`);
  else if (known(subject.agreement)) parts.push(`Same answer as the float network on ${words.percent(subject.agreement)} of samples`);
  else if (known(subject.sqnrDb)) parts.push(`Outputs ${words.decibels(subject.sqnrDb)} above the noise of rounding`);
  const ratio = subject.size?.ratio ?? subject.size?.now / subject.size?.before;
  if (known(ratio) && !subject.alone) parts.push(`${words.percent(ratio, 0)} of the size`);
  const speed = subject.latency ? times(subject.latency) : null;
  if (known(speed) && !subject.alone) parts.push(`${speed.toFixed(2)} times as fast`);
  return parts.length === 0 ? fileName(subject.file) : parts.join(', ');
}

function badge(subject) {
  const {data} = subject.run;
  const damages = data.soundness?.damages ?? [];
  if (damages.length > 0) return ['bad', '✕ Damaged: ' + damages.join('; ')];
  if (data.verdict?.limit && !data.verdict.met) return ['bad', `✕ Missed what was asked for: ${data.verdict.limit}`];
  if (data.verdict?.limit) return ['good', `✓ Met what was asked for: ${data.verdict.limit}`];
  if (data.soundness?.unchecked) return ['warn', '! Not checked: ' + data.soundness.unchecked];
  if (!known(subject.sqnrDb) && !known(subject.agreement)) return ['warn', '! Nothing compared the outputs'];
  if (data.soundness?.generated) return ['warn', '! Compared on inputs made up: nothing is known of its accuracy'];
  if (subject.sqnrDb < 10) return ['warn', '! Much noise: less than 10 dB of signal over it'];
  return ['good', '✓ Sound: it loads, runs, and says what the float network says'];
}

/** Two numbers as bars of their lengths. */
function bars(pair, format) {
  const most = Math.max(pair.before, pair.now);
  const row = (label, value, style) => [
    el('span', {}, label),
    el('span', {class: 'bar ' + style, style: `width: ${(100 * value / most).toFixed(1)}%`}),
    el('span', {class: 'number'}, format(value))];
  return el('div', {class: 'bars'}, row('before', pair.before, 'was'), row('now', pair.now, 'now'));
}

function card(title, big, children, none = false) {
  return el('li', {class: 'card'}, el('p', {class: 'name'}, title), el('p', {class: none ? 'big none' : 'big'}, big), ...children);
}

/** A saving, or how to measure it. */
function saving(title, pair, format, big, note) {
  if (known(pair?.before) && known(pair?.now)) {
    return card(title, big(pair), [note ? el('p', {}, note) : null, bars(pair, format)]);
  }
  return card(title, 'not measured', [el('p', {}, 'The command below measures it.')], true);
}

function cards(subject) {
  const sure = known(subject.low) ? `95 % sure: ${words.percent(subject.low)} to ${words.percent(subject.high)}` : null;
  const change = known(subject.change)
    ? `top-1 ${words.points(subject.change)}` + (known(subject.changeError) ? ` (± ${words.number(100 * subject.changeError, 1)}, one standard error)` : '')
    : 'no labels, so top-1 is not known';
  const [first, ...rest] = subject.measures ?? [];
  const accuracy = first ? card('Accuracy', first.text, [
    el('p', {}, [first.title, first.sure].filter(Boolean).join('; ')),
    ...rest.map(each => el('p', {}, `${each.title} ${each.text}` + (each.sure ? `; ${each.sure}` : ''))),
    el('p', {}, `SQNR ${words.decibels(subject.sqnrDb)}, cosine ${words.number(subject.cosine, 4)}`),
    el('p', {}, `Taken for ${subject.task.name} (${subject.task.why}); --task takes it for another.`)])
    : card('Accuracy',
    known(subject.agreement) ? words.percent(subject.agreement) + ' agree' : words.decibels(subject.sqnrDb),
    [sure ? el('p', {}, sure) : null, el('p', {}, change),
      el('p', {}, `SQNR ${words.decibels(subject.sqnrDb)}, cosine ${words.number(subject.cosine, 4)}`),
      known(subject.top1?.now) ? bars(subject.top1, value => words.percent(value)) : null]);
  return el('ul', {class: 'cards'},
    accuracy,
    saving('File size', subject.size, words.bytes, less),
    saving('Speed', subject.latency, words.ms, faster,
      known(subject.latency95?.now) ? `median of one sample, one thread; 95 % within ${words.ms(subject.latency95.now)}` : null),
    ...machineCards(subject),
    saving('Peak memory', subject.memory, words.bytes, less));
}

/** How to measure what nobody has. */
function unmeasured(subject) {
  const missing = [['Speed', subject.latency], ['Energy', joulesOf(subject)], ['Peak memory', subject.memory], ['Accuracy', {before: 1, now: subject.agreement ?? subject.sqnrDb}]]
    .filter(([, pair]) => !known(pair?.before) || !known(pair?.now)).map(([name], i) => i === 0 ? name : name.toLowerCase());
  if (missing.length === 0) return '';
  const list = missing.length === 1 ? missing[0] + ' was' : missing.slice(0, -1).join(', ') + ' and ' + missing.at(-1) + ' were';
  return el('div', {class: 'measure'}, el('p', {class: 'files'}, `${list} not measured. On samples of your choice this measures ${missing.length === 1 ? 'it' : 'them'}:`), command(subject.measure));
}

function verdictSection() {
  const all = subjects();
  const single = all.length === 1;
  const body = el('section', {id: 'verdict', class: 'verdict', 'aria-labelledby': 'title'});
  body.append(el('h1', {id: 'title'}, single ? headline(all[0]) : `${all.length} networks side by side`));
  for (const subject of all) {
    const [tone, text] = badge(subject);
    if (!single) body.append(el('h2', {}, headline(subject)));
    body.append(
      el('p', {class: 'files'}, el('code', {}, subject.file ?? ''), subject.alone ? '' : ' made of ',
        subject.alone ? '' : el('code', {}, subject.baseline ?? '')),
      el('p', {class: 'badge ' + tone}, text),
      subject.on ? el('p', {class: 'files'}, `Judged on ${subject.on}.`) : '',
      cards(subject), unmeasured(subject));
  }
  if (!single) body.append(sideBySide(all));
  return body;
}

function sideBySide(all) {
  const columns = [
    {key: 'name', title: 'network', head: true, of: each => each.run.name === '' ? fileName(each.file) : each.run.is('evaluation') ? fileName(each.file) : each.run.name},
    {key: 'agreement', title: 'agreement', number: true, of: each => each.agreement, show: value => words.percent(value)},
    {key: 'change', title: 'top-1', number: true, of: each => each.change, show: value => words.points(value)},
    {key: 'sqnr', title: 'SQNR', number: true, of: each => each.sqnrDb, show: words.decibels},
    {key: 'size', title: 'size', number: true, of: each => each.size?.now, show: words.bytes},
    {key: 'latency', title: 'median', number: true, of: each => each.latency?.now, show: words.ms},
    {key: 'throughput', title: 'samples/s', number: true, of: each => each.throughput?.now, show: words.short},
    {key: 'energy', title: 'energy', number: true, of: each => joulesOf(each)?.now, show: words.joules},
    {key: 'memory', title: 'memory', number: true, of: each => each.memory?.now, show: words.bytes},
  ];
  return el('div', {}, el('h2', {}, 'In one table'), table({caption: 'The networks side by side', columns, rows: all, free: true}).element);
}
