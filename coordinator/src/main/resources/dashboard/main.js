import {say} from './actions.js';
import {follow, forgetToken, hasToken, keepToken} from './api.js';
import {clusterPage} from './cluster.js';
import {el, setText} from './dom.js';
import {hostPage} from './host.js';
import {Model} from './model.js';
import {overview} from './overview.js';
import {swarmPage} from './swarm.js';

const PAGES = {swarms: swarmPage, clusters: clusterPage, hosts: hostPage};
const model = new Model();
const main = document.getElementById('main');
const linkState = document.getElementById('link');
const login = document.getElementById('login');
let view = null;
let followed = null;
let stop = () => {};

const go = (path) => (location.hash = `#/${path}`);

function page() {
  const [kind, name] = location.hash.replace(/^#\/?/, '').split('/');
  try {
    return kind in PAGES && name ? PAGES[kind]({model, go}, decodeURIComponent(name)) : overview({model, go});
  } catch (failure) {
    if (failure instanceof URIError) return overview({model, go});
    throw failure;
  }
}

function show() {
  view?.close();
  view = page();
  main.replaceChildren(view.element);
  document.title = `${view.title} · Assisted Swarm`;
  document.getElementById('trail').replaceChildren(...view.trail.flatMap(([href, text]) => [el('a', {href}, text), el('span', {'aria-hidden': 'true'}, ' / ')]));
  listen(view.swarm ?? '');
  view.update();
  view.element.querySelector('h1').focus({preventScroll: true});
  scrollTo(0, 0);
}

/** One stream at a time: of everything, and of the swarm that is looked at. */
function listen(swarm) {
  if (followed === swarm) return;
  followed = swarm;
  stop();
  model.map = null;
  model.forgetHistory();
  stop = follow(
    `/stream${swarm ? `?swarm=${encodeURIComponent(swarm)}` : ''}`,
    (type, data) => model.apply(type, data),
    (state, why) => {
      linkState.className = `link ${state}`;
      setText(linkState, state === 'live' ? 'live' : state === 'refused' ? 'not logged in' : `${why}; trying again`);
      setText(document.getElementById('version'), model.version ? `coordinator ${model.version}` : '');
      if (state === 'refused') askForToken(hasToken() ? why : '');
      else view.update();
    });
}

function askForToken(why) {
  forgetToken();
  document.getElementById('forget').hidden = true;
  setText(document.getElementById('login-why'), why);
  if (!login.open) login.showModal();
  document.getElementById('token').focus();
}

document.getElementById('login-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.getElementById('token');
  keepToken(field.value.trim());
  field.value = '';
  login.close();
  document.getElementById('forget').hidden = false;
  followed = null;
  show();
});
login.addEventListener('cancel', (event) => event.preventDefault());

document.getElementById('forget').addEventListener('click', () => {
  stop();
  followed = null;
  say('The token is forgotten.');
  askForToken('');
  main.replaceChildren();
});
document.getElementById('forget').hidden = !hasToken();
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

addEventListener('hashchange', show);
addEventListener('resize', () => view.update());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => view.update());
setInterval(() => {
  model.remember();
  view.update();
}, 1000);
show();
