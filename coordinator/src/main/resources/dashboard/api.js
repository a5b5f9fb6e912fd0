// Asks the coordinator's API. The token is a header of each request and never part of an address.

const KEY = 'assisted-swarm-token';
const ROOT = '/api/v1';
const SILENCE = 15000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10000;

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken() {
  sessionStorage.removeItem(KEY);
}

function headers() {
  const token = sessionStorage.getItem(KEY);
  return token === null ? {} : {Authorization: `Bearer ${token}`};
}

async function refusal(response) {
  let message = `the coordinator answered ${response.status}`;
  try {
    message = (await response.json()).problems.join('; ');
  } catch {
    // Something between here and the coordinator has answered; its status has to do.
  }
  return new Refused(response.status, message);
}

export async function ask(path, method = 'GET') {
  const response = await fetch(ROOT + path, {method, headers: headers(), cache: 'no-store', redirect: 'error'});
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/**
 * Follows the stream of events until it is stopped, and connects again after an interruption.
 *
 * @param heard is given each event's type and data
 * @param stands is told 'live', or 'lost' with a reason; a Refused with status 401 ends it
 */
export function follow(path, heard, stands) {
  let stopped = false;
  let controller = new AbortController();
  let wake = () => {};

  async function once() {
    controller = new AbortController();
    let silence = setTimeout(() => controller.abort(), SILENCE);
    try {
      const response = await fetch(ROOT + path, {headers: {...headers(), Accept: 'text/event-stream'}, cache: 'no-store', redirect: 'error', signal: controller.signal});
      if (!response.ok) throw await refusal(response);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let pending = '';
      for (;;) {
        const {done, value} = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(() => controller.abort(), SILENCE);
        pending += decoder.decode(value, {stream: true});
        const events = pending.split('\n\n');
        pending = events.pop();
        events.map(parsed).filter((event) => event.type).forEach((event) => heard(event.type, event.data));
        stands('live');
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function run() {
    let wait = FIRST_WAIT;
    while (!stopped) {
      const began = Date.now();
      let why = 'the stream has ended';
      try {
        await once();
      } catch (failure) {
        if (stopped) return;
        if (failure instanceof Refused && failure.status === 401) {
          stands('refused', failure.message);
          return;
        }
        why = failure instanceof Refused ? failure.message : 'the coordinator does not answer';
      }
      if (stopped) return;
      stands('lost', why);
      wait = Date.now() - began > LONGEST_WAIT ? FIRST_WAIT : Math.min(wait * 2, LONGEST_WAIT);
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait);
      });
    }
  }

  run();
  return () => {
    stopped = true;
    controller.abort();
    wake();
  };
}

function parsed(text) {
  let type = '';
  const data = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) type = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
  }
  return type && data.length ? {type, data: JSON.parse(data.join('\n'))} : {type: ''};
}
