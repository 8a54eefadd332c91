const SHOWN_LAYERS = 24;

/** The search for formats: which layers are worth more bits. */
function searchSection(run) {
  const {search} = run.data;
  if (!search) return null;
  const layers = search.layers.slice(0, SHOWN_LAYERS);
  const bars = chart({
    title: 'Sensitivity: noise that more bits would save, layer by layer',
    text: `The ${layers.length} most sensitive of ${search.layers.length} layers, first ${layers.slice(0, 3).map(layer => `${layer.node} (${words.share(layer.noise)} of the signal's power)`).join(', ')}`,
    height: 60 + 22 * layers.length,
    option: colors => ({
      grid: {left: 8, right: 70, top: 8, bottom: 40, containLabel: true},
      xAxis: axis(colors, {name: 'noise, as a share of the power of the signal', nameGap: 28, axisLabel: {color: colors.soft, hideOverlap: true, formatter: value => words.percent(value, 1)}}),
      yAxis: {type: 'category', inverse: true, data: layers.map(layer => layer.node), axisTick: {show: false},
        axisLine: {lineStyle: {color: colors['strong-line']}}, axisLabel: {color: colors.text, width: 130, overflow: 'truncate', interval: 0}},
      series: [{type: 'bar', barMaxWidth: 14, data: layers.map(layer => ({value: layer.noise,
        itemStyle: {color: layer.choice.startsWith('gets') ? colors.heat : colors.absorbed, borderRadius: 2}})),
      label: {show: true, position: 'right', color: colors.soft, fontSize: 11, formatter: point => words.share(point.value)}}],
      tooltip: {...common(colors).tooltip, formatter: point => `${layers[point.dataIndex].node}<br>${words.share(point.value)}<br>${layers[point.dataIndex].choice}`},
    }),
  });
  const front = chart({
    title: 'Pareto front: noise that is left against weights that get more bits',
    text: `Predicted: from ${words.share(search.front[0].noise)} of the signal's power with none to ${words.share(search.front.at(-1).noise)} with ${search.front.at(-1).layers} layers`,
    height: Math.max(320, 60 + 22 * layers.length),
    option: colors => ({
      grid: {left: 8, right: 20, top: 16, bottom: 44, containLabel: true},
      xAxis: axis(colors, {name: 'share of the weights that get more bits', nameGap: 30, axisLabel: {color: colors.soft, formatter: value => words.percent(value, 0)}}),
      yAxis: axis(colors, {axisLabel: {color: colors.soft, formatter: value => words.percent(value, 1)}}),
      series: [{type: 'line', step: 'end', symbolSize: 6, lineStyle: {color: colors.quantized, width: 2}, itemStyle: {color: colors.quantized},
        areaStyle: {color: colors.quantized, opacity: .08},
        data: search.front.map(point => [point.share, point.noise, point.layers])}],
      tooltip: {...common(colors).tooltip, trigger: 'item', formatter: point => `${point.value[2]} layers, ${words.percent(point.value[0])} of the weights<br>${words.share(point.value[1])} noise left`},
    }),
  });
  return section('search', 'Where more bits pay',
    'One layer at a time was given better formats, and the noise measured that this saves. Layers in the warm colour got them.',
    el('div', {class: 'columns'}, bars.figure, front.figure));
}
