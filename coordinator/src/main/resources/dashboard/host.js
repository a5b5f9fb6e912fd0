import {ask} from './api.js';
import {details, optional, places, refreshing, serviceEvents} from './cluster.js';
import {el, facts, setText, span} from './dom.js';
import {clusterOfHost, swarmOfCluster} from './model.js';
import {obstacleTable} from './obstacles.js';

const TAIL = 64 << 10;
const MOST = 512 << 10;
const LOG_INTERVAL = 2000;

/** One host, with its log. */
export function hostPage({model}, name) {
  const cluster = clusterOfHost(name);
  const swarm = swarmOfCluster(cluster);
  const path = `/hosts/${encodeURIComponent(name)}`;
  const problem = el('p', {class: 'waiting'});
  const shown = facts();
  const story = details();
  const obstacles = obstacleTable(model);
  const log = hostLog(path);
  const refresh = refreshing(
    model,
    () => places(model, cluster),
    async () => {
      const [host, description, timeline, heldUp] = await Promise.all([ask(path), optional(`${path}/description`), optional(`${path}/timeline`), optional(`${path}/obstacles`)]);
      shown.update([
        ['Phase', host.phase],
        ['For', span(model.since(host.since))],
        ['Role', host.role],
        ['Worker', host.worker],
        ['UUID', host.uuid],
        ['MAC', host.mac],
        ['Installer', host.standInInstaller ? 'a stand-in, as it is the bootstrap' : ''],
        ['Failure', host.failure ? `${host.failure.side}/${host.failure.reason}: ${host.failure.message}` : ''],
        ...story.facts(description, model),
      ]);
      story.timeline(timeline);
      obstacles.update(heldUp);
    },
    problem);
  return {
    title: name,
    trail: [['#/', 'Overview'], [`#/swarms/${encodeURIComponent(swarm)}`, swarm], [`#/clusters/${encodeURIComponent(cluster)}`, cluster]],
    swarm,
    element: el(
      'div',
      {},
      el('h1', {tabindex: '-1'}, name),
      problem,
      shown.element,
      el('section', {}, el('h2', {}, 'Held up by'), obstacles.element),
      el('section', {}, el('h2', {}, 'Log'), log.element),
      el('section', {}, el('h2', {}, 'Timeline'), story.element, serviceEvents(path))),
    update: refresh.look,
    close() {
      refresh.close();
      log.close();
    },
  };
}

/** The end of the log, and what is added to it. */
function hostLog(path) {
  const text = el('pre', {class: 'log', tabindex: '0', 'aria-label': 'Log'});
  const said = el('p', {class: 'range'});
  const following = el('input', {type: 'checkbox', checked: true});
  const controller = el('input', {type: 'checkbox', on: {change: () => restart()}});
  let offset = -TAIL;
  let timer = 0;
  let round = 0;

  function restart() {
    clearTimeout(timer);
    offset = -TAIL;
    setText(text, '');
    read(++round);
  }

  async function read(mine) {
    try {
      const chunk = await ask(`${path}/log?offset=${offset}&controller=${controller.checked}`);
      if (mine !== round) return;
      offset = chunk.nextOffset;
      if (chunk.text) {
        const whole = text.textContent + chunk.text;
        setText(text, whole.length > MOST ? whole.slice(whole.length - MOST) : whole);
        if (following.checked) text.scrollTop = text.scrollHeight;
      }
      setText(said, text.textContent ? '' : 'The log is empty.');
    } catch (failure) {
      if (mine !== round) return;
      setText(said, failure.message);
    }
    timer = setTimeout(() => read(mine), LOG_INTERVAL);
  }

  restart();
  return {
    element: el(
      'div',
      {},
      el('div', {class: 'filters'}, el('label', {}, following, ' Stay at the end'), el('label', {}, controller, " The cluster's controller instead")),
      said,
      text),
    close() {
      round++;
      clearTimeout(timer);
    },
  };
}
