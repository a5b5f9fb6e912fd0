// Labels, counts and colours of phases. The colours are in style.css, so that they suit light and dark.

const ENDS = new Set(['installed', 'discovered', 'added', 'failed', 'stopped', 'lost']);
const BAD = new Set(['failed', 'lost']);
const PENDING = 'pending';
const colours = new Map();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => colours.clear());

export function isEnd(label) {
  return ENDS.has(label);
}

export function isBad(label) {
  return BAD.has(label);
}

/** For an element; it follows light and dark by itself. */
export function paint(element, label) {
  element.style.setProperty('background-color', `var(--phase-${label})`);
}

/** For a canvas. */
export function colour(label) {
  if (!colours.has(label)) {
    const own = getComputedStyle(document.documentElement).getPropertyValue(`--phase-${label}`).trim();
    colours.set(label, own || '#888');
  }
  return colours.get(label);
}

/** Of a letter of the map. */
export function labelOf(letter, labels) {
  return letter === '-' ? PENDING : labels[letter.charCodeAt(0) - 65];
}

/** Of letters; in the order in which phases are passed. */
export function countsOf(letters, labels) {
  const counts = new Map([[PENDING, 0], ...labels.map((label) => [label, 0])]);
  for (const letter of letters) {
    const label = labelOf(letter, labels);
    counts.set(label, counts.get(label) + 1);
  }
  return new Map([...counts].filter(([, count]) => count > 0));
}

/** Of what the API counts by label. */
export function ordered(counts, labels) {
  const order = [PENDING, ...labels];
  return new Map(Object.entries(counts).filter(([, count]) => count > 0).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

export function ended(counts) {
  return [...counts].filter(([label]) => isEnd(label)).reduce((sum, [, count]) => sum + count, 0);
}

export function inWords(counts) {
  return [...counts].map(([label, count]) => `${count.toLocaleString('en')} ${label}`).join(', ');
}
