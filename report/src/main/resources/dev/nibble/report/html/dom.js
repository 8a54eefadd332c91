/** An element with attributes and children; children are text, elements, or nothing. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** A part of the page with a heading that the contents list links to. */
function section(id, title, lead, ...children) {
  return el('section', {id, 'aria-labelledby': id + '-title', class: id},
    el('h2', {id: id + '-title'}, title),
    lead ? el('p', {class: 'lead'}, lead) : null,
    ...children);
}

/** A command to paste, with a button that copies it. */
function command(text) {
  const button = el('button', {type: 'button', class: 'copy', 'aria-label': 'Copy: ' + text}, 'Copy');
  button.addEventListener('click', async () => {
    await copy(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return el('div', {class: 'command'}, el('pre', {}, text), button);
}

/** A page from a file may be refused the clipboard; selecting works everywhere. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', {class: 'hidden', 'aria-hidden': 'true'}, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** Terms and what they are; without what is not known. */
function facts(pairs) {
  return el('dl', {class: 'facts'},
    pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([term, value, wide]) => el('div', {class: wide ? 'wide' : null}, el('dt', {}, term), el('dd', {}, value))));
}

/** A choice of one of several things. */
function picker(label, options, chosen, onchange) {
  const select = el('select', {onchange: () => onchange(select.value)},
    options.map(option => option.options
      ? el('optgroup', {label: option.label}, option.options.map(each => choice(each, chosen)))
      : choice(option, chosen)));
  return {field: el('label', {}, label, select), select};
}

function choice(option, chosen) {
  return el('option', {value: option.value, selected: option.value === chosen}, option.label);
}
