// Elements are made and filled with text only: names and messages come from outside and are never read as markup.

/** Children may be nodes, texts, or nothing. Properties: on (handlers), data, class; the others are attributes. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (key === 'data') {
      Object.assign(element.dataset, value);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

/** Leaves the page alone where nothing has changed, so that a selection and a reader's place stay. */
export function setText(element, text) {
  const next = String(text);
  if (element.textContent !== next) element.textContent = next;
}

/**
 * Makes the children of an element those of a list, in its order. A child of a name that was there before is updated and never made anew, so
 * that the one that has the focus keeps it.
 */
export function keyed(parent, items, key, make, update) {
  const known = parent.keyedChildren ?? (parent.keyedChildren = new Map());
  const wanted = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    wanted.add(name);
    let child = known.get(name);
    if (!child) {
      child = make(item);
      known.set(name, child);
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const [name, child] of known) {
    if (!wanted.has(name)) {
      child.remove();
      known.delete(name);
    }
  }
}

/** A table whose rows are kept by name. Columns: {title, number, cell(item) -> text or node, or fill(td, item)}. */
export function table(caption, columns, key) {
  const body = el('tbody');
  const empty = el('p', {class: 'empty'});
  const element = el(
    'div',
    {class: 'table'},
    el(
      'table',
      {},
      el('caption', {class: 'hidden'}, caption),
      el('thead', {}, el('tr', {}, ...columns.map((column) => el('th', {scope: 'col', class: column.number ? 'number' : null}, column.title)))),
      body),
    empty);
  const make = () =>
    el('tr', {}, ...columns.map((column, i) => el(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : null, data: {label: column.title}, class: column.number ? 'number' : null})));
  return {
    element,
    update(items, whenEmpty) {
      setText(empty, items.length ? '' : whenEmpty);
      element.firstElementChild.hidden = items.length === 0;
      keyed(body, items, key, make, (row, item) => {
        columns.forEach((column, i) => {
          const cell = row.children[i];
          if (column.fill) column.fill(cell, item);
          else setText(cell, column.cell(item));
        });
      });
    },
  };
}

/** Terms and what stands for them; an empty one is left out. */
export function facts() {
  const element = el('dl', {class: 'facts'});
  return {
    element,
    update(entries) {
      keyed(
        element,
        entries.filter(([, value]) => value !== '' && value !== null && value !== undefined),
        ([term]) => term,
        ([term]) => el('div', {}, el('dt', {}, term), el('dd')),
        (pair, [, value]) => {
          const shown = pair.lastElementChild;
          if (value instanceof Node) {
            if (shown.firstChild !== value) shown.replaceChildren(value);
          } else {
            setText(shown, value);
          }
        });
    },
  };
}

export function link(kind, name) {
  return el('a', {href: `#/${kind}/${encodeURIComponent(name)}`}, name);
}

/** Fills a cell with a link, once. */
export function fillLink(cell, kind, name) {
  if (cell.firstElementChild?.textContent !== name) cell.replaceChildren(link(kind, name));
}

export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

export function number(value) {
  return value.toLocaleString('en');
}

export function mebibytes(bytes) {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

export function time(instant) {
  return instant ? instant.replace('T', ' ').replace(/(\.\d{1,3})\d*Z?$|Z$/, '$1') : '';
}
