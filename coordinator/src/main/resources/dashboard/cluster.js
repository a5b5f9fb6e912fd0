import {ask} from './api.js';
import {el, facts, fillLink, setText, span, table, time} from './dom.js';
import {byName, swarmOfCluster} from './model.js';
import {obstacleTable} from './obstacles.js';
import {phaseMark} from './swarm.js';

const REFRESH = 5000;

/** One cluster and its hosts. */
export function clusterPage({model}, name) {
  const swarm = swarmOfCluster(name);
  const path = `/clusters/${encodeURIComponent(name)}`;
  const problem = el('p', {class: 'waiting'});
  const shown = facts();
  const story = details();
  const obstacles = obstacleTable(model);
  const hosts = table(
    'Hosts',
    [
      {title: 'Host', fill: (cell, host) => fillLink(cell, 'hosts', host.name)},
      {title: 'Phase', fill: (cell, host) => phaseMark(cell, host.phase)},
      {title: 'Role', cell: (host) => host.role},
      {title: 'Worker', cell: (host) => host.worker},
      {title: 'For', number: true, cell: (host) => span(model.since(host.since))},
      {title: 'Reason', cell: (host) => (host.failure ? `${host.failure.side}/${host.failure.reason}` : '')},
    ],
    (host) => host.name);
  const refresh = refreshing(
    model,
    () => places(model, name),
    async () => {
      const [cluster, list, description, timeline, heldUp] = await Promise.all([ask(path), ask(`/hosts?cluster=${encodeURIComponent(name)}`), optional(`${path}/description`), optional(`${path}/timeline`), optional(`${path}/obstacles`)]);
      shown.update([
        ['Phase', cluster.phase],
        ['For', span(model.since(cluster.since))],
        ['Installation', `${cluster.percent} %`],
        ['Hosts at a good end', `${cluster.hostsAtEnd} of ${cluster.hosts}`],
        ['Workers', cluster.workers.join(', ')],
        ['Failure', cluster.failure ? `${cluster.failure.side}/${cluster.failure.reason}: ${cluster.failure.message}` : ''],
        ['Takes the place of', cluster.replaces ?? ''],
        ['Replaced by', cluster.replacedBy ?? ''],
        ...story.facts(description, model),
      ]);
      hosts.update(list.sort((a, b) => byName(a.name, b.name)), 'None of its hosts has a place yet.');
      story.timeline(timeline);
      obstacles.update(heldUp);
    },
    problem);
  return {
    title: name,
    trail: [['#/', 'Overview'], [`#/swarms/${encodeURIComponent(swarm)}`, swarm]],
    swarm,
    element: el(
      'div',
      {},
      el('h1', {tabindex: '-1'}, name),
      problem,
      shown.element,
      el('section', {}, el('h2', {}, 'Held up by'), obstacles.element),
      el('section', {}, el('h2', {}, 'Hosts'), hosts.element),
      el('section', {}, el('h2', {}, 'Timeline'), story.element, serviceEvents(path))),
    update: refresh.look,
    close: refresh.close,
  };
}

/** The letters of the cluster and its hosts: when they change there is something new to ask for. */
export function places(model, cluster) {
  const at = Number(cluster.slice(cluster.lastIndexOf('-') + 1));
  const map = model.map;
  return map && at < map.sizes.length ? map.clusters[at] + map.hosts.slice(map.offsets[at], map.offsets[at + 1]).join('') : '';
}

/** Asks again when something has changed, and every few seconds; one question at a time. */
export function refreshing(model, signature, load, problem) {
  let last = null;
  let asked = 0;
  let busy = false;
  let closed = false;
  return {
    async look() {
      const now = signature();
      if (busy || closed || (now === last && Date.now() - asked < REFRESH)) return;
      busy = true;
      last = now;
      asked = Date.now();
      try {
        await load();
        setText(problem, '');
      } catch (failure) {
        setText(problem, failure.message);
      } finally {
        busy = false;
      }
    },
    close() {
      closed = true;
    },
  };
}

/** What may not be answered now, when the actor's worker is away. */
export async function optional(path) {
  try {
    return await ask(path);
  } catch (failure) {
    return {problem: failure.message};
  }
}

/** The service's own events, read when somebody wants them: it is the service under test that is asked. */
export function serviceEvents(path) {
  const said = el('p', {class: 'range', role: 'status'});
  const entries = table(
    "The service's events",
    [
      {title: 'When (UTC)', cell: (event) => time(event.at)},
      {title: 'Severity', cell: (event) => event.severity},
      {title: 'Message', cell: (event) => event.message},
    ],
    (event) => event.key);
  const read = async () => {
    setText(said, 'reading…');
    const answer = await optional(`${path}/service-events`);
    const ahead = answer.clockAheadSeconds;
    const clock = ahead ? `; the service's clock is ${Math.abs(ahead).toFixed(0)} s ${ahead > 0 ? 'ahead of' : 'behind'} the coordinator's` : '';
    setText(said, answer.problem ?? `${answer.events.length} events, the last first${clock}`);
    entries.update((answer.events ?? []).map((event, i) => ({...event, key: String(i)})), '');
  };
  return el('div', {}, el('button', {type: 'button', on: {click: read}}, "Read the service's events"), said, entries.element);
}

/** What the actor says of itself, and what the record knows. */
export function details() {
  const said = el('p', {class: 'range'});
  const entries = table(
    'Timeline',
    [
      {title: 'When (UTC)', cell: (entry) => time(entry.at)},
      {title: 'What', cell: (entry) => entry.what},
      {title: 'Lasted', number: true, cell: (entry) => (entry.lastedSeconds === null ? '' : `${entry.lastedSeconds.toFixed(1)} s`)},
      {title: '', cell: (entry) => entry.means},
    ],
    (entry) => entry.key);
  return {
    element: el('div', {}, entries.element, said),
    facts(description, model) {
      if (description.problem) return [['Actor', description.problem]];
      return [
        ['Waits for', description.awaiting],
        ['Fails', description.deadline ? `in ${span(-model.since(description.deadline))}` : ''],
        ['Last error', description.lastError ? `${description.lastError.message} (attempt ${description.lastError.attempts})` : ''],
        ['Process', description.process ? `${description.process.pid === 0 ? 'none of its own' : `pid ${description.process.pid}`}, for ${span(model.since(description.process.startedAt))}, ${description.process.restarts} restarts` : ''],
      ];
    },
    timeline(timeline) {
      const list = timeline.entries ?? [];
      entries.update(list.map((entry, i) => ({...entry, key: String(i)})), timeline.problem ?? 'Nothing has happened yet.');
      setText(said, timeline.corrected ? `corrected, as clocks are off: ${timeline.corrected}` : '');
    },
  };
}
