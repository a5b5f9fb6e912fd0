import {el, setText} from './dom.js';

export function badge(cell, text, kind) {
  const known = cell.firstElementChild;
  const shown = known?.classList.contains('badge') ? known : el('span', {class: 'badge'});
  if (shown !== known) cell.replaceChildren(shown);
  shown.className = `badge ${kind}`;
  setText(shown, text);
}
