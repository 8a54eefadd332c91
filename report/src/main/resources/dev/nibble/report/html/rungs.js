/** The ladder: what each repair brought. */
function rungsSection(run) {
  const {rungs} = run.data;
  if (!rungs?.length) return null;
  const drawn = rungs.filter(rung => known(rung.sqnrDb));
  const text = 'Signal over noise after each repair: '
    + drawn.map(rung => `${rung.pass} ${words.decibels(rung.sqnrDb)}${rung.kept ? '' : ', not kept'}`).join('; ');
  const option = (colors, width) => ({
    grid: {left: 24, right: 64, top: 8, bottom: 40, containLabel: true},
    xAxis: axis(colors, {name: 'signal over noise, dB: more is better', nameGap: 28, min: value => Math.min(0, Math.floor(value.min))}),
    yAxis: {type: 'category', inverse: true, data: drawn.map(rung => rung.pass), axisTick: {show: false},
      axisLine: {lineStyle: {color: colors['strong-line']}}, axisLabel: {color: colors.text, width: Math.min(260, width * .4), overflow: 'break'}},
    series: [{
      type: 'bar', barMaxWidth: 24,
      data: drawn.map(rung => ({
        value: rung.sqnrDb,
        itemStyle: rung.kept
          ? {color: colors.quantized, borderRadius: 3}
          : {color: 'transparent', borderColor: colors['strong-line'], borderWidth: 1.5, borderType: 'dashed', borderRadius: 3},
      })),
      label: {show: true, position: 'right', color: colors.text, formatter: point => words.decibels(point.value)},
    }],
    tooltip: {...common(colors).tooltip, trigger: 'item', formatter: point => {
      const rung = drawn[point.dataIndex];
      return `${rung.pass}<br>${words.decibels(rung.sqnrDb)}, ${rung.kept ? 'kept' : 'not kept'}: ${rung.why}`;
    }},
  });
  const columns = [
    {key: 'pass', title: 'repair', head: true, of: rung => rung.pass},
    {key: 'kept', title: 'kept', of: rung => rung.kept ? 'kept' : 'not kept'},
    {key: 'sqnr', title: 'SQNR', number: true, of: rung => rung.sqnrDb, show: words.decibels},
    {key: 'why', title: 'gained', of: rung => rung.why},
    {key: 'agreement', title: 'agreement', number: true, of: rung => rung.agreement, show: value => words.percent(value)},
    {key: 'top1', title: 'top-1 change', number: true, of: rung => rung.top1Change, show: value => words.points(value)},
    {key: 'time', title: 'time', number: true, of: rung => rung.seconds, show: words.seconds},
  ];
  return section('rungs', 'What each repair brought',
    'Repairs are tried in order and kept if they bring the outputs nearer to those of the float network on samples that no repair has seen.',
    drawn.length ? chart({title: 'Signal over noise after each repair', text, height: 64 + 40 * drawn.length, option}).figure : null,
    el('div', {style: 'margin-top: 1rem'}, table({caption: 'Repairs in the order in which they were tried', columns, rows: rungs, free: true}).element));
}
