const main = document.getElementById('main');

/** The parts that tell of one run; a link from one to another stays within the page. */
function parts(run) {
  const tensors = tensorsSection(run);
  const show = node => tensors?.show(node);
  return [rungsSection(run), trainingSection(run), searchSection(run), nodesSection(run, show),
    tensors?.element, networkSection(run, show), classesSection(run), samplesSection(run), nextSection(run), provenanceSection(run)].filter(Boolean);
}

/** A comparison has no details of its own: the nodes of a quantization show it. */
const detailed = runs.filter(run => !run.is('comparison'));

const details = el('div', {id: 'details'});

function choose(index) {
  charts.length = 0;
  details.replaceChildren(...parts(detailed[index]));
  contents();
  drawAll();
}

/** With several runs, whose details are shown. */
function runPicker() {
  if (detailed.length < 2) return null;
  const pick = picker('Details of', detailed.map((run, i) => ({value: String(i), label: run.name})), '0', value => choose(Number(value)));
  pick.select.id = 'run';
  return el('div', {class: 'controls'}, pick.field);
}

function contents() {
  const headings = [...main.querySelectorAll('section')].map(each => [each.id, each.id === 'verdict' ? 'Verdict' : each.querySelector('h2').textContent]);
  document.getElementById('contents').replaceChildren(
    el('ul', {}, headings.map(([id, title]) => el('li', {}, el('a', {href: '#' + id}, title)))));
}

const decided = differencesSection();
main.append(verdictSection(), ...(decided ? [decided] : []));
const chooser = runPicker();
if (chooser) main.append(chooser);
main.append(details);
choose(0);
themeButton(document.getElementById('theme'));

const made = runs.map(run => run.data.provenance?.nibble).find(Boolean);
document.getElementById('made').textContent = `Made by Nibble${made ? ' ' + made : ''}. Everything on this page is in it; nothing is loaded.`;
document.documentElement.dataset.ready = 'true';
