import {el, table, time} from './dom.js';

/** What users have said of a swarm, and of workers meanwhile; not shown before somebody has said anything. */
export function orderTable() {
  const rows = table(
    'Orders',
    [
      {title: 'When (UTC)', cell: (order) => time(order.at)},
      {title: 'Order', cell: (order) => order.what},
      {title: 'Of', cell: (order) => order.name},
      {title: 'Set', cell: (order) => order.message},
    ],
    (order) => order.key);
  const element = el('section', {hidden: true}, el('h2', {}, 'Orders'), rows.element);
  return {
    element,
    /** @param answer a page of events, or a problem, after which what is known stays */
    update(answer) {
      if (answer.problem) return;
      const orders = answer.events.filter((event) => event.kind === 'order').reverse();
      element.hidden = orders.length === 0;
      rows.update(orders.map((order, i) => ({...order, key: String(orders.length - i)})), '');
    },
  };
}
