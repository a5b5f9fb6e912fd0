import {el, setText} from './dom.js';
import {colour, inWords} from './phases.js';

const HEIGHT = 150;

/** Hosts by phase over time, on a canvas; the figures of the last moment stand beside it as text. */
export function phaseChart() {
  const canvas = el('canvas', {class: 'chart', role: 'img'});
  const range = el('p', {class: 'range'});
  const element = el('div', {}, canvas, range);

  function draw(history, labels) {
    const width = element.clientWidth;
    if (width === 0 || history.length < 2) {
      setText(range, history.length < 2 ? 'gathering…' : '');
      return;
    }
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    context.clearRect(0, 0, width, HEIGHT);
    const from = history[0].at;
    const length = Math.max(history.at(-1).at - from, 60000);
    const x = (entry) => ((entry.at - from) / length) * width;
    const most = Math.max(...history.map((entry) => total(entry.counts)), 1);
    const y = (count) => HEIGHT - (count / most) * (HEIGHT - 2);
    const below = history.map(() => 0);
    for (const label of ['pending', ...labels].reverse()) {
      const above = history.map((entry, i) => below[i] + (entry.counts.get(label) ?? 0));
      if (above.some((count, i) => count !== below[i])) {
        context.beginPath();
        history.forEach((entry, i) => context.lineTo(x(entry), y(above[i])));
        for (let i = history.length - 1; i >= 0; i--) context.lineTo(x(history[i]), y(below[i]));
        context.closePath();
        context.fillStyle = colour(label);
        context.fill();
      }
      above.forEach((count, i) => (below[i] = count));
    }
    canvas.setAttribute('aria-label', `Hosts by phase since this page was opened; now ${inWords(history.at(-1).counts)}`);
    setText(range, `the last ${Math.max(1, Math.round((history.at(-1).at - from) / 60000))} min, as seen by this page`);
  }

  return {element, draw};
}

function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
