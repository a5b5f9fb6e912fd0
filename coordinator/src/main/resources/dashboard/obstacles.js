import {badge} from './badge.js';
import {el, link, number, span, table} from './dom.js';

/** What holds something up, in the words of the service's objects, and how many share it. */
export function obstacleTable(model) {
  const rows = table(
    'Held up by',
    [
      {title: 'Condition', cell: (obstacle) => (obstacle.condition === 'state' ? `${obstacle.object} state` : `${obstacle.object} ${obstacle.condition}`)},
      {title: 'Reason', fill: (cell, obstacle) => badge(cell, obstacle.reason || 'not met', 'wait')},
      {title: 'For', number: true, cell: (obstacle) => (obstacle.since ? span(model.since(obstacle.since)) : '')},
      {title: 'Message', cell: (obstacle) => obstacle.message},
      {title: 'Here', fill: fillExamples},
      {title: 'In the swarm', number: true, cell: (obstacle) => number(obstacle.inSwarm)},
    ],
    (obstacle) => `${obstacle.kind} ${obstacle.object} ${obstacle.condition} ${obstacle.reason} ${obstacle.message}`);
  return {
    element: rows.element,
    /** @param answer a list, or a problem */
    update(answer) {
      rows.update(Array.isArray(answer) ? answer : [], answer.problem ?? 'The service holds nothing up.');
    },
  };
}

function fillExamples(cell, obstacle) {
  const wanted = `${obstacle.count} ${obstacle.examples.join(' ')}`;
  if (cell.dataset.shown === wanted) return;
  cell.dataset.shown = wanted;
  const more = obstacle.count - obstacle.examples.length;
  cell.replaceChildren(el('span', {}, ...obstacle.examples.flatMap((name, i) => [i ? ', ' : '', link(`${obstacle.kind}s`, name)]), more > 0 ? ` and ${number(more)} more` : ''));
}
