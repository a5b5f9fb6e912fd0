import {swarmButtons} from './actions.js';
import {badge} from './badge.js';
import {phaseChart} from './chart.js';
import {optional, refreshing} from './cluster.js';
import {el, facts, fillLink, keyed, link, number, setText, span, table, time} from './dom.js';
import {hostGrid} from './grid.js';
import {obstacleTable} from './obstacles.js';
import {orderTable} from './orders.js';
import {phaseBar, tone} from './overview.js';
import {countsOf, ended, inWords, labelOf, ordered, paint} from './phases.js';

const ROWS = 30;
const LOOK_AGAIN = 10000;

/** One swarm: how far it is, a map of its hosts, what failed, its clusters. */
export function swarmPage({model, go}, id) {
  const current = () => model.swarms.get(id);
  const buttons = swarmButtons(current);
  const state = el('span', {class: 'state'});
  const waiting = el('p', {class: 'waiting'});
  const figures = facts();
  const clusterBar = phaseBar(() => ordered(current()?.clusters ?? {}, model.clusterPhases));
  const clusterWords = el('p', {class: 'range'});
  const chart = phaseChart();
  const grid = hostGrid(model, (host) => go(`hosts/${encodeURIComponent(host)}`));
  const legend = el('div', {class: 'legend', role: 'group', 'aria-label': 'Hosts by phase; choose one to see only those'});
  const obstacles = obstacleTable(model);
  const orders = orderTable();
  const refresh = refreshing(
    model,
    () => JSON.stringify([current()?.state, model.workers && [...model.workers.values()].map((worker) => worker.state)]),
    async () => orders.update(await optional(`/swarms/${encodeURIComponent(id)}/events?ordersOnly=true`)),
    el('p'));
  let looked = 0;
  let lookedIn;
  let only = null;
  const failures = table(
    'Failures',
    [
      {title: 'Reason', cell: (group) => group.reason},
      {title: 'Side', fill: (cell, group) => badge(cell, group.side, group.side === 'service' ? 'bad' : 'wait')},
      {title: 'Of', cell: (group) => (group.count === 1 ? group.kind : `${group.kind}s`)},
      {title: 'Count', number: true, cell: (group) => number(group.count)},
      {title: 'Such as', fill: fillExamples},
      {title: 'The first of them', cell: (group) => group.message},
    ],
    (group) => `${group.kind} ${group.side} ${group.reason}`);
  const filter = el('input', {type: 'search', autocomplete: 'off', spellcheck: 'false', on: {input: () => list()}});
  const phase = el('select', {on: {change: () => list()}});
  const clusters = table(
    'Clusters',
    [
      {title: 'Cluster', fill: (cell, cluster) => fillLink(cell, 'clusters', cluster.name)},
      {title: 'Phase', fill: (cell, cluster) => phaseMark(cell, cluster.phase)},
      {title: 'Hosts', number: true, cell: (cluster) => `${number(cluster.ended)} / ${number(cluster.hosts)}`},
      {title: 'Hosts by phase', cell: (cluster) => cluster.words},
    ],
    (cluster) => cluster.name);
  const more = el('p', {class: 'range'});
  const hostRows = table(
    'Hosts of the chosen phase',
    [
      {title: 'Host', fill: (cell, host) => fillLink(cell, 'hosts', host.name)},
      {title: 'Cluster', fill: (cell, host) => fillLink(cell, 'clusters', host.cluster)},
      {title: 'Phase', fill: (cell, host) => phaseMark(cell, host.phase)},
    ],
    (host) => host.name);
  const chosenHosts = el('section', {hidden: true}, el('h3', {}, 'Hosts of the chosen phase'), hostRows.element);
  const rate = el('span');

  function fillExamples(cell, group) {
    const wanted = group.examples.join(' ');
    if (cell.dataset.shown === wanted) return;
    cell.dataset.shown = wanted;
    cell.replaceChildren(el('span', {}, ...group.examples.flatMap((name, i) => [i ? ', ' : '', link(`${group.kind}s`, name)])));
  }

  function list() {
    const map = model.map;
    if (!map) return;
    const text = filter.value.trim().toLowerCase();
    const wanted = phase.value;
    const found = [];
    let matching = 0;
    for (let i = 0; i < map.sizes.length; i++) {
      const label = labelOf(map.clusters[i], model.clusterPhases);
      const name = `${map.swarm}-${i}`;
      if ((wanted && label !== wanted) || (text && !name.includes(text))) continue;
      matching++;
      if (found.length < ROWS) {
        const counts = countsOf(map.hosts.slice(map.offsets[i], map.offsets[i + 1]), model.hostPhases);
        found.push({name, phase: label, hosts: map.sizes[i], ended: ended(counts), words: inWords(counts)});
      }
    }
    clusters.update(found, 'No cluster is like that.');
    setText(more, matching > found.length ? `The first ${found.length} of ${number(matching)}; narrow it down by name or phase.` : '');
  }

  /** It takes the coordinator a look at every host, so it is asked now and then only, and when the swarm's state is another. */
  async function lookForObstacles() {
    const state = current()?.state;
    if (state === lookedIn && Date.now() - looked < LOOK_AGAIN) return;
    looked = Date.now();
    lookedIn = state;
    obstacles.update(await optional(`/swarms/${encodeURIComponent(id)}/obstacles`));
  }

  function listHosts() {
    chosenHosts.hidden = only === null;
    if (only === null || !model.map) return;
    const found = [];
    const map = model.map;
    for (let cluster = 0; cluster < map.sizes.length && found.length < ROWS; cluster++) {
      for (let at = map.offsets[cluster]; at < map.offsets[cluster + 1] && found.length < ROWS; at++) {
        if (labelOf(map.hosts[at], model.hostPhases) === only) {
          const name = `${map.swarm}-${cluster}`;
          found.push({name: `${name}-${at - map.offsets[cluster]}`, cluster: name, phase: only});
        }
      }
    }
    hostRows.update(found, 'There is none now.');
  }

  function updateLegend() {
    const counts = model.map ? countsOf(model.map.hosts, model.hostPhases) : new Map();
    keyed(
      legend,
      [...counts],
      ([label]) => label,
      ([label]) =>
        el(
          'button',
          {
            type: 'button',
            class: 'phase',
            'aria-pressed': 'false',
            on: {
              click: () => {
                only = only === label ? null : label;
                grid.show(only);
                listHosts();
                updateLegend();
              },
            },
          },
          swatch(),
          el('span', {}, label),
          ' ',
          el('b')),
      (button, [label, count]) => {
        button.setAttribute('aria-pressed', String(only === label));
        paint(button.firstElementChild, label);
        setText(button.lastElementChild, number(count));
      });
  }

  function updatePhases() {
    const labels = ['', ...(model.map ? countsOf(model.map.clusters, model.clusterPhases).keys() : [])];
    if (phase.value && !labels.includes(phase.value)) labels.push(phase.value);
    if ([...phase.options].map((option) => option.value).join() !== labels.join()) {
      const before = phase.value;
      phase.replaceChildren(...labels.map((label) => el('option', {value: label}, label || 'any phase')));
      phase.value = before;
    }
  }

  return {
    title: id,
    trail: [['#/', 'Overview']],
    swarm: id,
    element: el(
      'div',
      {},
      el('div', {class: 'heading'}, el('h1', {tabindex: '-1'}, id), state, buttons.element),
      waiting,
      figures.element,
      el('section', {}, el('h2', {}, 'Clusters by phase'), clusterBar.element, clusterWords),
      el('section', {}, el('h2', {}, 'Failures'), failures.element),
      el('section', {}, el('h2', {}, 'Held up by'), obstacles.element),
      orders.element,
      el('section', {}, el('h2', {}, 'Hosts'), legend, grid.element, chosenHosts),
      el('section', {}, el('h2', {}, 'Hosts by phase over time'), chart.element, el('p', {class: 'range'}, rate)),
      el(
        'section',
        {},
        el('h2', {}, 'Clusters'),
        el('div', {class: 'filters'}, el('label', {}, 'Name ', filter), el('label', {}, 'Phase ', phase)),
        clusters.element,
        more)),
    update() {
      const swarm = current();
      if (!swarm) {
        setText(waiting, model.trouble || (model.heardAnything ? `There is no swarm ${id}.` : 'Waiting for the coordinator…'));
        return;
      }
      badge(state, swarm.verdict === 'none' ? swarm.state : `${swarm.state}: ${swarm.verdict}`, tone(swarm));
      buttons.update();
      setText(waiting, [swarm.waiting, ...swarm.hub.map((trouble) => `hub: ${trouble.request} fails, ${trouble.attempts} times in a row: ${trouble.error}`), model.trouble].filter(Boolean).join(' · '));
      figures.update([
        ['Clusters at their end', `${number(ended(ordered(swarm.clusters, [])))} of ${number(swarm.clusterCount)}`],
        ['Hosts at their end', `${number(ended(ordered(swarm.hosts, [])))} of ${number(swarm.hostCount)}`],
        ['Clusters that ended an hour', swarm.endsPerHour.toFixed(1)],
        ['Left', swarm.etaSeconds === null ? '' : span(swarm.etaSeconds)],
        ['Runtime', swarm.runtime],
        ['Submitted', `${time(swarm.submittedAt).slice(0, 19)} UTC`],
        [swarm.endedAt ? 'Took' : 'Age', span(swarm.endedAt ? (Date.parse(swarm.endedAt) - Date.parse(swarm.submittedAt)) / 1000 : model.since(swarm.submittedAt))],
        ['Late starts (95 %)', swarm.punctuality ? `${swarm.punctuality.late.p95Seconds.toFixed(1)} s` : ''],
        ['Lost and replaced', swarm.replaced || ''],
      ]);
      clusterBar.update();
      setText(clusterWords, inWords(ordered(swarm.clusters, model.clusterPhases)));
      updateLegend();
      updatePhases();
      grid.draw();
      chart.draw(model.history, model.hostPhases);
      setText(rate, `${model.movesASecond().toFixed(1)} changes of a host's phase a second`);
      failures.update(model.map?.failures ?? [], 'Nothing has failed.');
      list();
      listHosts();
      lookForObstacles();
      refresh.look();
    },
    close: refresh.close,
  };
}

export function phaseMark(cell, label) {
  if (cell.textContent === label) return;
  const mark = swatch();
  paint(mark, label);
  cell.replaceChildren(el('span', {}, mark, label));
}

function swatch() {
  return el('i', {class: 'swatch', 'aria-hidden': 'true'});
}
