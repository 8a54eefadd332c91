/**
 * A table that sorts by its headings.
 *
 * A column has a key, a title, of(row) for what sorts, and show(value, row) for what stands there.
 */
function table({caption, columns, rows, free = false, label}) {
  let order = {key: null, down: false};
  let shown = rows;
  const body = el('tbody');
  const heads = columns.map(column => el('th', {scope: 'col', class: column.number ? 'number' : null, title: column.help, 'data-title': column.title},
    el('button', {type: 'button', onclick: () => sortBy(column)}, column.title)));
  const title = el('caption', {}, caption);
  const element = el('div', {class: free ? 'scroll free' : 'scroll', tabindex: '0', role: 'region', 'aria-label': label ?? caption},
    el('table', {}, title, el('thead', {}, el('tr', {}, heads)), body));

  function sortBy(column) {
    // numbers are looked at from the greatest, words from A
    order = order.key === column.key ? {key: column.key, down: !order.down} : {key: column.key, down: Boolean(column.number)};
    heads.forEach((head, i) => {
      if (columns[i].key === order.key) head.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    render();
  }

  function render() {
    const column = columns.find(each => each.key === order.key);
    const sorted = column ? [...shown].sort((a, b) => compare(column.of(a), column.of(b), order.down)) : shown;
    body.replaceChildren(...sorted.map(row => el('tr', {}, columns.map(each => cell(each, row)))));
  }

  function filter(keep) {
    shown = rows.filter(keep);
    render();
    return shown.length;
  }

  render();
  return {element, filter, caption: title};
}

function cell(column, row) {
  const value = column.of(row);
  const content = column.show ? column.show(value, row) : known(value) && value !== '' ? value : NONE;
  return column.head
    ? el('th', {scope: 'row'}, content)
    : el('td', {class: column.number ? 'number' : column.wide ? 'wide' : column.plain ? 'plain' : null}, content);
}

/** What is not known comes last, whichever way. */
function compare(a, b, down) {
  if (!known(a) || a === '') return known(b) && b !== '' ? 1 : 0;
  if (!known(b) || b === '') return -1;
  const order = typeof a === 'number' ? a - b : String(a).localeCompare(String(b), 'en', {numeric: true});
  return down ? -order : order;
}
