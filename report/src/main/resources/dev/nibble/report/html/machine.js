const less = pair => words.percent(pair.ratio ?? pair.now / pair.before, 0);
/** Rounds that were timed in pairs tell more than two medians: what slows the machine down slows both. */
const times = pair => pair.times ?? pair.before / pair.now;
const inverse = ratio => known(ratio) ? 1 / ratio : undefined;
const faster = pair => words.times(times(pair));

/** What was measured counts before what was reckoned. */
const joulesOf = subject => known(subject.joules?.before) && known(subject.joules?.now) ? subject.joules : subject.estimate;

const perSecond = value => words.short(value) + ' /s';

/** What the machine can do with all its threads, and what that takes. */
function machineCards(subject) {
  const both = pair => known(pair?.before) && known(pair?.now);
  return [
    both(subject.latencyAll) ? saving(`Speed, ${subject.threads} threads`, subject.latencyAll, words.ms, faster, 'median of one sample, all threads on it') : null,
    both(subject.throughput) ? saving('Throughput', subject.throughput, perSecond, pair => words.times(pair.now / pair.before), `samples per second, ${subject.threads} at a time`) : null,
    both(subject.load) ? saving('Load time', subject.load, words.ms, faster, 'until the file is ready to run') : null,
    energyCard(subject),
    both(subject.cost) ? saving('Cost', subject.cost, words.short, less, `of a million samples at ${words.short(subject.price)} for an hour of the machine`) : null,
  ].filter(Boolean);
}

function energyCard(subject) {
  const pair = joulesOf(subject);
  if (pair !== subject.estimate) {
    return saving('Energy', pair, words.joules, less, 'of a sample, by the processor\u2019s counters: all that ran, idling included');
  }
  const {estimated} = subject;
  const note = estimated ? [
    `An estimate, not measured: multiply-adds and bytes moved at figures of ${estimated.process} (Horowitz 2014).`,
    estimated.notCounted.length ? ` ${estimated.notCounted.length} nodes could not be counted.` : ''].join('') : null;
  return saving(estimated ? 'Energy (estimate)' : 'Energy', pair, words.joules, less, note);
}
