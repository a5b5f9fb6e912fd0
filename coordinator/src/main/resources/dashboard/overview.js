import {swarmButtons, workerButtons} from './actions.js';
import {badge} from './badge.js';
import {el, fillLink, mebibytes, number, setText, span, table} from './dom.js';
import {byName} from './model.js';
import {ended, inWords, ordered, paint} from './phases.js';

/** All swarms and workers. */
export function overview({model}) {
  const buttons = new Map();
  const keep = (cell, key, make) => {
    if (!buttons.has(key)) buttons.set(key, make());
    const kept = buttons.get(key);
    if (cell.firstChild !== kept.element) cell.replaceChildren(kept.element);
    kept.update();
  };
  const swarms = table(
    'Swarms',
    [
      {title: 'Swarm', fill: (cell, swarm) => fillLink(cell, 'swarms', swarm.id)},
      {title: 'State', fill: (cell, swarm) => badge(cell, swarm.verdict === 'none' ? swarm.state : `${swarm.state}: ${swarm.verdict}`, tone(swarm))},
      {title: 'Hosts by phase', fill: (cell, swarm) => keep(cell, `bar ${swarm.id}`, () => phaseBar(() => ordered(model.swarms.get(swarm.id)?.hosts ?? {}, model.hostPhases)))},
      {title: 'Clusters', number: true, cell: (swarm) => `${number(ended(ordered(swarm.clusters, [])))} / ${number(swarm.clusterCount)}`},
      {title: 'Hosts', number: true, cell: (swarm) => `${number(ended(ordered(swarm.hosts, [])))} / ${number(swarm.hostCount)}`},
      {title: 'Failed', number: true, cell: (swarm) => number((swarm.clusters.failed ?? 0) + (swarm.clusters.lost ?? 0))},
      {title: 'Ends an hour', number: true, cell: (swarm) => swarm.endsPerHour.toFixed(1)},
      {title: 'Left', number: true, cell: (swarm) => (swarm.etaSeconds === null ? '' : span(swarm.etaSeconds))},
      {title: 'Age', number: true, cell: (swarm) => span(model.since(swarm.submittedAt))},
      {title: 'Actions', fill: (cell, swarm) => keep(cell, `do ${swarm.id}`, () => swarmButtons(() => model.swarms.get(swarm.id)))},
    ],
    (swarm) => swarm.id);
  const deleted = table(
    'Deleted swarms',
    [
      {title: 'Swarm', fill: (cell, swarm) => fillLink(cell, 'swarms', swarm.id)},
      {title: 'Verdict', cell: (swarm) => swarm.verdict},
      {title: 'Hosts', number: true, cell: (swarm) => number(swarm.hostCount)},
      {title: 'Age', number: true, cell: (swarm) => span(model.since(swarm.submittedAt))},
    ],
    (swarm) => swarm.id);
  const summary = el('summary');
  const past = el('details', {}, summary, deleted.element);
  const workers = workerTable(model, keep);
  const totals = el('p', {class: 'lead'});
  return {
    title: 'Overview',
    trail: [],
    element: el(
      'div',
      {},
      el('h1', {tabindex: '-1'}, 'Overview'),
      totals,
      el('section', {}, el('h2', {}, 'Swarms'), swarms.element, past),
      el('section', {}, el('h2', {}, 'Workers'), workers.element)),
    update() {
      const all = [...model.swarms.values()].sort((a, b) => Date.parse(b.submittedAt) - Date.parse(a.submittedAt) || byName(a.id, b.id));
      const gone = all.filter((swarm) => swarm.state === 'deleted');
      swarms.update(
        all.filter((swarm) => swarm.state !== 'deleted'),
        model.heardAnything ? 'There is no swarm. Start one with: swarm submit PLAN --service-config FILE' : 'Waiting for the coordinator…');
      past.hidden = gone.length === 0;
      setText(summary, `${gone.length} deleted`);
      deleted.update(gone, '');
      workers.update();
      const places = [...model.workers.values()].reduce((sum, worker) => sum + worker.capacity, 0);
      const used = [...model.workers.values()].reduce((sum, worker) => sum + worker.used, 0);
      setText(totals, model.heardAnything ? `${number(used)} of ${number(places)} places on ${number(model.workers.size)} workers are taken.` : '');
    },
    close() {},
  };
}

export function workerTable(model, keep) {
  const workers = table(
    'Workers',
    [
      {title: 'Worker', cell: (worker) => worker.name},
      {title: 'State', fill: (cell, worker) => worker.disk?.trouble ? badge(cell, `${worker.state}, cannot write: ${worker.disk.trouble}`, 'bad') : badge(cell, worker.state, worker.state === 'up' ? 'good' : worker.state === 'unreachable' || worker.state === 'removed' ? 'bad' : 'wait')},
      {title: 'Load', fill: (cell, worker) => keep(cell, `load ${worker.name}`, () => loadBar(() => model.workers.get(worker.name)))},
      {title: 'Places', number: true, cell: (worker) => `${number(worker.used)} / ${number(worker.capacity)}`},
      {title: 'Processes', number: true, cell: (worker) => number(worker.processes)},
      {title: 'Heap', number: true, cell: (worker) => mebibytes(worker.heapUsedBytes)},
      {title: 'Threads', number: true, cell: (worker) => number(worker.threads)},
      {title: 'Disk free', number: true, cell: (worker) => (worker.disk?.freeBytes >= 0 ? mebibytes(worker.disk.freeBytes) : '?')},
      {title: 'Hub requests', number: true, cell: (worker) => number(worker.hubRequests)},
      {title: 'Up for', number: true, cell: (worker) => span(model.since(worker.since))},
      {title: 'Actions', fill: (cell, worker) => keep(cell, `do ${worker.name}`, () => workerButtons(() => model.workers.get(worker.name)))},
    ],
    (worker) => worker.name);
  return {
    element: workers.element,
    update() {
      workers.update(
        [...model.workers.values()].sort((a, b) => byName(a.name, b.name)),
        model.heardAnything ? 'There is no worker. Start one with: swarm worker --join HOST:PORT' : 'Waiting for the coordinator…');
    },
  };
}

export function tone(swarm) {
  if (swarm.verdict === 'failed' || swarm.state === 'deletion-failed') return 'bad';
  if (swarm.verdict === 'passed') return 'good';
  if (swarm.verdict === 'incomplete' || swarm.verdict === 'not-valid' || swarm.state === 'paused' || swarm.state === 'cancelled') return 'wait';
  return 'busy';
}

/** How many are in each phase, as parts of a bar. */
export function phaseBar(counts) {
  const element = el('div', {class: 'bar', role: 'img'});
  return {
    element,
    update() {
      const now = counts();
      const all = [...now.values()].reduce((sum, count) => sum + count, 0) || 1;
      element.setAttribute('aria-label', inWords(now) || 'none');
      element.title = inWords(now);
      while (element.children.length > now.size) element.lastElementChild.remove();
      while (element.children.length < now.size) element.append(el('span'));
      [...now].forEach(([label, count], i) => {
        element.children[i].style.setProperty('flex-grow', String(count / all));
        paint(element.children[i], label);
      });
    },
  };
}

function loadBar(current) {
  const fill = el('span');
  const element = el('div', {class: 'bar load', role: 'img'}, fill);
  return {
    element,
    update() {
      const worker = current();
      const share = worker && worker.capacity > 0 ? worker.used / worker.capacity : 0;
      element.setAttribute('aria-label', `${Math.round(share * 100)} percent of its places`);
      fill.style.setProperty('width', `${Math.min(100, share * 100)}%`);
    },
  };
}
