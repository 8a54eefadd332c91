/** Stands for what is not known. */
const NONE = '–';

const known = value => value !== null && value !== undefined && !Number.isNaN(value);

const words = {
  number: (value, digits = 2) => known(value) ? value.toLocaleString('en', {maximumFractionDigits: digits, minimumFractionDigits: digits}) : NONE,
  /** As many digits as tell something. */
  short: value => !known(value) ? NONE
    : value === 0 ? '0'
    : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(2)
    : String(Number(value.toPrecision(4))),
  count: value => known(value) ? value.toLocaleString('en') : NONE,
  percent: (value, digits = 1) => known(value) ? (100 * value).toFixed(digits) + ' %' : NONE,
  share: value => !known(value) ? NONE : value === 0 ? '0' : value < 5e-5 ? '< 0.01 %' : (100 * value).toFixed(2) + ' %',
  points: value => known(value) ? (value > 0 ? '+' : value < 0 ? '−' : '±') + Math.abs(100 * value).toFixed(1) + ' points' : NONE,
  decibels: value => known(value) ? value.toFixed(1) + ' dB' : NONE,
  ms: value => known(value) ? (value < 10 ? value.toFixed(2) : value.toFixed(1)) + ' ms' : NONE,
  seconds: value => !known(value) ? NONE : value < 100 ? value.toFixed(1) + ' s' : words.count(Math.round(value)) + ' s',
  times: value => known(value) ? value.toFixed(2) + ' ×' : NONE,
  joules(value) {
    if (!known(value)) return NONE;
    const power = value === 0 ? 0 : Math.max(0, Math.min(4, Math.ceil(-Math.log10(value) / 3)));
    return Number((value * 1000 ** power).toPrecision(3)) + ' ' + ['J', 'mJ', 'µJ', 'nJ', 'pJ'][power];
  },
  bytes(value) {
    if (!known(value)) return NONE;
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    return power === 0 ? value + ' B' : (value / 1000 ** power).toFixed(1) + ' ' + units[power];
  },
  large(value) {
    if (!known(value)) return NONE;
    const power = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
    return power === 0 ? String(value) : (value / 1000 ** power).toFixed(1) + ' ' + ' kMGT'[power];
  },
};

/** The last part of a path. */
const fileName = path => String(path).split(/[\\/]/).pop();
