/** The colours of the theme in use. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  return new Proxy({}, {get: (_, name) => style.getPropertyValue('--' + name).trim()});
}

const charts = [];

/**
 * A drawing with a title and the same in words.
 *
 * option(colors, width) gives what the chart library draws; it is asked again when the theme or the width changes.
 */
function chart({title, text, height, option, onclick}) {
  const box = el('div', {class: 'chart', role: 'img', style: `height: ${height}px`});
  const figure = el('figure', {}, el('figcaption', {}, title), box);
  const entry = {
    box,
    option,
    draw() {
      if (!box.isConnected || box.clientWidth === 0) return;
      entry.instance ??= echarts.init(box, null, {renderer: 'svg'});
      entry.instance.resize();
      const colors = palette();
      entry.instance.setOption({...common(colors), ...entry.option(colors, box.clientWidth)}, {notMerge: true});
      if (onclick && !entry.listens) {
        entry.listens = true;
        entry.instance.on('click', onclick);
      }
    },
    say(words) { box.setAttribute('aria-label', words); },
  };
  entry.say(text);
  charts.push(entry);
  return {figure, ...entry, entry};
}

function common(colors) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: {fontFamily: getComputedStyle(document.body).fontFamily, color: colors.text},
    tooltip: {
      confine: true,
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: {color: colors.text, fontSize: 13},
    },
  };
}

const drawAll = () => charts.forEach(entry => entry.draw());

/** An axis of numbers in the colours of the theme. */
function axis(colors, more = {}) {
  return {
    type: 'value',
    nameLocation: 'middle',
    nameTextStyle: {color: colors.soft, fontSize: 12},
    axisLine: {show: true, lineStyle: {color: colors['strong-line']}},
    axisTick: {show: false},
    axisLabel: {color: colors.soft, hideOverlap: true},
    splitLine: {lineStyle: {color: colors.line}},
    ...more,
  };
}

/** Follows the system until somebody chooses. */
function themeButton(button) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let chosen = null;
  const apply = () => {
    const theme = chosen ?? (dark.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    button.textContent = theme === 'dark' ? 'Light theme' : 'Dark theme';
    drawAll();
  };
  button.addEventListener('click', () => {
    chosen = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    apply();
  });
  dark.addEventListener('change', apply);
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.theme = 'light';
    drawAll();
  });
  addEventListener('afterprint', apply);
  apply();
}

let drawnWidth = 0;
addEventListener('resize', () => {
  if (drawnWidth === innerWidth) return;
  drawnWidth = innerWidth;
  requestAnimationFrame(drawAll);
});
