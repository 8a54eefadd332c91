/** Curves of a training: what each epoch brought. */
function trainingSection(run) {
  const {training} = run.data;
  if (!training?.epochs?.length) return null;
  const epochs = [{epoch: 0, ...training.start}, ...training.epochs];
  const summary = (title, key, format) => {
    const told = epochs.filter(epoch => known(epoch[key]));
    return `${title}: ${format(told[0][key])} after epoch ${told[0].epoch}, ${format(told.at(-1)[key])} after epoch ${told.at(-1).epoch}`;
  };
  const curve = (key, title, format, mark) => chart({
    title,
    text: summary(title, key, format),
    height: 280,
    option: colors => ({
      grid: {left: 8, right: 24, top: 20, bottom: 44, containLabel: true},
      xAxis: axis(colors, {name: 'epoch', nameGap: 28, minInterval: 1, min: 'dataMin', max: 'dataMax', splitLine: {show: false}}),
      yAxis: axis(colors, {scale: true, axisLabel: {color: colors.soft, formatter: format}}),
      tooltip: {...common(colors).tooltip, trigger: 'axis', valueFormatter: format},
      series: [{
        type: 'line', name: title, symbolSize: 7, lineStyle: {color: colors.quantized, width: 2}, itemStyle: {color: colors.quantized},
        data: epochs.filter(epoch => known(epoch[key])).map(epoch => [epoch.epoch, epoch[key]]),
        markLine: known(mark) ? {symbol: 'none', silent: true, lineStyle: {color: colors.float, type: 'dashed'},
          label: {formatter: 'float ' + format(mark), color: colors.text, position: 'insideEndTop'}, data: [{yAxis: mark}]} : undefined,
        markPoint: known(training.best) ? {symbol: 'circle', symbolSize: 14, itemStyle: {color: 'transparent', borderColor: colors.good, borderWidth: 2}, label: {show: false},
          data: epochs.filter(epoch => epoch.epoch === training.best && known(epoch[key])).map(epoch => ({coord: [epoch.epoch, epoch[key]]}))} : undefined,
      }],
    }),
  }).figure;
  const has = key => epochs.some(epoch => known(epoch[key]));
  return section('training', 'Training',
    training.best === 0 ? 'No epoch was better than the start, which is what was written.'
      : known(training.best) ? `Epoch ${training.best} was the best and is what was written.` : null,
    el('div', {class: 'columns'},
      has('loss') ? curve('loss', 'Loss', value => words.short(value)) : null,
      has('heldOutLoss') ? curve('heldOutLoss', 'Loss on samples held out', value => words.short(value)) : null,
      has('accuracy') ? curve('accuracy', 'Accuracy', value => words.percent(value), training.float) : null,
      has('learningRate') ? curve('learningRate', 'Learning rate', value => words.short(value)) : null));
}
