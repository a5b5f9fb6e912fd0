import {el, setText} from './dom.js';
import {colour, isBad, labelOf} from './phases.js';

const GAP = 2;

/** A square for each host, in the order of clusters; by pointer, or by arrow keys and Enter. */
export function hostGrid(model, open) {
  const line = el('p', {class: 'range', id: 'grid-line', role: 'status'});
  const canvas = el('canvas', {class: 'grid', tabindex: '0', role: 'application', 'aria-describedby': 'grid-line'});
  const element = el('div', {}, line, canvas);
  const hint = 'arrow keys move from host to host, Enter opens one';
  let only = null;
  let chosen = -1;
  let drawn = '';
  let layout = {columns: 1, cell: 10};

  const name = (place) => {
    const cluster = clusterOf(place);
    return {cluster: `${model.map.swarm}-${cluster}`, host: `${model.map.swarm}-${cluster}-${place - model.map.offsets[cluster]}`};
  };

  function clusterOf(place) {
    let low = 0;
    let high = model.map.sizes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (model.map.offsets[middle] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function describe(place) {
    setText(line, place < 0 ? hint : `${name(place).host}: ${labelOf(model.map.hosts[place], model.hostPhases)}`);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const step = layout.cell + GAP;
    const column = Math.floor((event.clientX - box.left) / step);
    const found = Math.floor((event.clientY - box.top) / step) * layout.columns + column;
    return column < layout.columns && found < model.map.hosts.length ? found : -1;
  }

  canvas.addEventListener('mousemove', (event) => model.map && describe(place(event)));
  canvas.addEventListener('mouseleave', () => model.map && describe(chosen));
  canvas.addEventListener('click', (event) => {
    const at = model.map ? place(event) : -1;
    if (at >= 0) open(name(at).host);
  });
  canvas.addEventListener('focus', () => choose(Math.max(chosen, 0)));
  canvas.addEventListener('blur', () => choose(-1));
  canvas.addEventListener('keydown', (event) => {
    if (!model.map) return;
    const last = model.map.hosts.length - 1;
    const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout.columns, ArrowUp: -layout.columns, PageDown: layout.columns * 10, PageUp: -layout.columns * 10};
    if (event.key in steps) choose(Math.min(last, Math.max(0, chosen + steps[event.key])));
    else if (event.key === 'Home') choose(0);
    else if (event.key === 'End') choose(last);
    else if (event.key === 'Enter' && chosen >= 0) open(name(chosen).host);
    else return;
    event.preventDefault();
  });

  function choose(at) {
    if (!model.map || model.map.hosts.length === 0) return;
    chosen = at;
    describe(at);
    drawn = '';
    draw();
    if (at >= 0) {
      const box = canvas.getBoundingClientRect();
      const top = box.top + Math.floor(at / layout.columns) * (layout.cell + GAP);
      if (top < 80 || top > innerHeight - 40) scrollBy({top: top - innerHeight / 2});
    }
  }

  function draw() {
    const map = model.map;
    const width = element.clientWidth;
    const now = `${map?.swarm} ${map?.version} ${map?.hosts.length} ${width} ${only} ${devicePixelRatio} ${colour('installed')} ${chosen}`;
    if (!map || width === 0 || now === drawn) return;
    drawn = now;
    const count = map.hosts.length;
    const cell = count <= 500 ? 16 : count <= 3000 ? 11 : width < 600 ? 5 : 7;
    const step = cell + GAP;
    const columns = Math.max(1, Math.floor((width + GAP) / step));
    const rows = Math.ceil(count / columns);
    layout = {columns, cell};
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(columns * step * scale);
    canvas.height = Math.max(1, Math.round(rows * step * scale));
    canvas.style.setProperty('width', `${columns * step}px`);
    canvas.style.setProperty('height', `${rows * step}px`);
    canvas.setAttribute('aria-label', `Map of ${count.toLocaleString('en')} hosts; ${hint}`);
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    for (let i = 0; i < count; i++) {
      const label = labelOf(map.hosts[i], model.hostPhases);
      const x = (i % columns) * step;
      const y = Math.floor(i / columns) * step;
      context.globalAlpha = only && only !== label ? 0.12 : 1;
      context.fillStyle = colour(label);
      context.fillRect(x, y, cell, cell);
      if (isBad(label)) {
        // Told from the others by more than its colour.
        context.fillStyle = colour('mark');
        context.fillRect(x + cell * 0.35, y + cell * 0.35, cell * 0.3, cell * 0.3);
      }
    }
    context.globalAlpha = 1;
    if (cell >= 11 && map.sizes.some((size) => size > 1)) {
      context.fillStyle = colour('border');
      map.offsets.slice(1, -1).forEach((at) => context.fillRect((at % columns) * step - GAP, Math.floor(at / columns) * step, GAP, cell));
    }
    if (chosen >= 0 && chosen < count) {
      context.strokeStyle = colour('chosen');
      context.lineWidth = 2;
      context.strokeRect((chosen % columns) * step, Math.floor(chosen / columns) * step, cell, cell);
    }
    if (chosen >= 0) describe(chosen);
    else if (!line.textContent) describe(-1);
  }

  return {
    element,
    draw,
    /** Shows the hosts of one phase only; null for all. */
    show(label) {
      only = label;
      draw();
    },
  };
}
