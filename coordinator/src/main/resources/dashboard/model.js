import {countsOf} from './phases.js';

const HISTORY = 900;

/** What the stream has told so far. */
export class Model {
  swarms = new Map();
  workers = new Map();
  clusterPhases = [];
  hostPhases = [];
  version = '';
  /** Of the swarm that is looked at; null until it has been told. */
  map = null;
  /** Counts of hosts by phase, and how many have moved, since this page looks at the swarm. */
  history = [];
  trouble = '';
  heardAnything = false;
  skew = 0;

  apply(type, data) {
    if (type !== 'trouble') this.trouble = '';
    switch (type) {
      case 'hello':
        this.skew = Date.parse(data.now) - Date.now();
        this.clusterPhases = data.clusterPhases;
        this.hostPhases = data.hostPhases;
        this.version = data.version;
        this.swarms.clear();
        this.workers.clear();
        this.map = null;
        break;
      case 'swarms':
        this.heardAnything = true;
        take(this.swarms, data, (swarm) => swarm.id);
        break;
      case 'workers':
        take(this.workers, data, (worker) => worker.name);
        break;
      case 'map':
        this.map = {swarm: data.swarm, sizes: data.sizes, clusters: [...data.clusters], hosts: [...data.hosts], failures: data.failures, offsets: offsets(data.sizes), moved: 0, version: 0};
        break;
      case 'moves':
        if (this.map?.swarm === data.swarm) {
          move(this.map.clusters, data.clusters);
          this.map.moved += move(this.map.hosts, data.hosts);
          this.map.version++;
        }
        break;
      case 'failures':
        if (this.map?.swarm === data.swarm) this.map.failures = data.failures;
        break;
      case 'trouble':
        this.trouble = data.problem;
        break;
      default:
        // A later coordinator may tell more.
    }
  }

  /** Once a second, while a swarm is looked at. */
  remember() {
    if (!this.map) return;
    this.history.push({at: Date.now(), counts: countsOf(this.map.hosts, this.hostPhases), moved: this.map.moved});
    this.map.moved = 0;
    if (this.history.length > HISTORY) this.history.splice(0, this.history.length - HISTORY);
  }

  forgetHistory() {
    this.history = [];
  }

  /** By the coordinator's clock. */
  now() {
    return Date.now() + this.skew;
  }

  since(instant) {
    return (this.now() - Date.parse(instant)) / 1000;
  }

  /** Host phases that changed a second, lately. */
  movesASecond() {
    const lately = this.history.slice(-10);
    if (lately.length < 2) return 0;
    const seconds = (lately.at(-1).at - lately[0].at) / 1000;
    return seconds > 0 ? lately.slice(1).reduce((sum, entry) => sum + entry.moved, 0) / seconds : 0;
  }
}

function take(known, news, key) {
  news.gone.forEach((name) => known.delete(name));
  news.changed.forEach((thing) => known.set(key(thing), thing));
}

function offsets(sizes) {
  const starts = [0];
  sizes.forEach((size, i) => starts.push(starts[i] + size));
  return starts;
}

/** Reads 12F340G: the twelfth is at F now. */
function move(letters, moves) {
  let moved = 0;
  for (const [, place, letter] of moves.matchAll(/(\d+)([A-Z-])/g)) {
    letters[Number(place)] = letter;
    moved++;
  }
  return moved;
}

/** By name, numbers as numbers. */
export const byName = new Intl.Collator('en', {numeric: true}).compare;

export function swarmOfCluster(name) {
  return name.replace(/-\d+$/, '');
}

export function clusterOfHost(name) {
  return name.replace(/-\d+$/, '');
}
