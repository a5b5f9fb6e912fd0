import {ask} from './api.js';
import {el, setText} from './dom.js';

const said = document.getElementById('said');
let hiding = 0;

/** One line for the user, read aloud by those who read aloud. */
export function say(text, bad = false) {
  said.hidden = false;
  said.classList.toggle('bad', bad);
  setText(said, text);
  clearTimeout(hiding);
  hiding = setTimeout(() => (said.hidden = true), bad ? 15000 : 6000);
}

async function act(path, done) {
  try {
    await ask(path, 'POST');
    say(done);
  } catch (failure) {
    say(failure.message, true);
  }
}

/** Resolves to whether it was confirmed. The safe answer has the focus, and is what Escape means. */
function confirmed(title, text, yes, no, more = []) {
  const dialog = document.getElementById('confirm');
  setText(document.getElementById('confirm-title'), title);
  setText(document.getElementById('confirm-text'), text);
  document.getElementById('confirm-more').replaceChildren(...more);
  const yesButton = document.getElementById('confirm-yes');
  const noButton = document.getElementById('confirm-no');
  setText(yesButton, yes);
  setText(noButton, no);
  return new Promise((resolve) => {
    const answer = (value) => dialog.close(value);
    yesButton.onclick = () => answer('yes');
    noButton.onclick = () => answer('no');
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), {once: true});
    dialog.showModal();
    noButton.focus();
  });
}

const path = (name) => encodeURIComponent(name);

export function pause(swarm) {
  return act(`/swarms/${path(swarm.id)}/pause`, `${swarm.id} is paused: nothing new is admitted`);
}

export function resume(swarm) {
  return act(`/swarms/${path(swarm.id)}/resume`, `${swarm.id} goes on`);
}

export async function cancel(swarm) {
  if (
    await confirmed(
      `Cancel ${swarm.id}?`,
      `All processes of its ${swarm.hostCount.toLocaleString('en')} hosts are stopped. What it has made on the hub stays until it is deleted. It cannot be resumed.`,
      'Cancel the swarm',
      'Let it run')
  ) {
    await act(`/swarms/${path(swarm.id)}/cancel`, `${swarm.id} is being cancelled`);
  }
}

export async function drain(worker) {
  const when = el(
    'select',
    {id: 'move-after'},
    el('option', {value: ''}, 'end in their own time'),
    el('option', {value: '900'}, 'move to other workers after 15 minutes'),
    el('option', {value: '0'}, 'move to other workers now'));
  if (
    await confirmed(
      `Drain ${worker.name}?`,
      `It gets nothing new. It has ${worker.used} hosts now; those that are being installed stay until they have rebooted.`,
      'Drain it',
      'Leave it',
      [el('label', {for: 'move-after'}, 'The others '), when])
  ) {
    await act(`/workers/${path(worker.name)}/drain${when.value === '' ? '' : `?moveAfterSeconds=${when.value}`}`, `${worker.name} is being drained`);
  }
}

export function uncordon(worker) {
  return act(`/workers/${path(worker.name)}/uncordon`, `${worker.name} gets hosts again`);
}

/** The buttons that fit a swarm's state; made once, shown and hidden later. */
export function swarmButtons(current) {
  const make = (text, handler, kind) => el('button', {type: 'button', class: kind, on: {click: () => handler(current())}}, text);
  const buttons = {pause: make('Pause', pause), resume: make('Resume', resume), cancel: make('Cancel…', cancel, 'danger')};
  const element = el('div', {class: 'buttons'}, ...Object.values(buttons));
  return {
    element,
    update() {
      const state = current()?.state;
      show(element, buttons, {pause: state === 'running', resume: state === 'paused', cancel: state === 'running' || state === 'paused'});
    },
  };
}

export function workerButtons(current) {
  const make = (text, handler) => el('button', {type: 'button', on: {click: () => handler(current())}}, text);
  const buttons = {drain: make('Drain…', drain), uncordon: make('Uncordon', uncordon)};
  const element = el('div', {class: 'buttons'}, ...Object.values(buttons));
  return {
    element,
    update() {
      const state = current()?.state;
      show(element, buttons, {drain: state === 'up', uncordon: state === 'draining' || state === 'drained'});
    },
  };
}

/** The first of those that are there gets the focus when the one that had it goes. */
function show(group, buttons, wanted) {
  const focused = document.activeElement;
  for (const [name, button] of Object.entries(buttons)) button.hidden = !wanted[name];
  if (focused?.hidden && group.contains(focused)) group.querySelector('button:not([hidden])')?.focus();
}
