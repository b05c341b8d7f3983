// What is your car worth? The trade-in tool of the store: which car, its miles, its state, then from where to where its price reaches
// and why. Who it belongs to is asked only when they want the result sent, and the result is shown either way. Nothing typed leaves the
// page but to the store. Plain ES2020, served as it is without its comments.

const query = new URLSearchParams(location.search);
const said = new URLSearchParams(location.hash.slice(1));
const key = query.get('key') || '';
const isWithin = said.get('within') === '1';
const asksNotToBeFollowed = said.get('quiet') === '1' || navigator.globalPrivacyControl || navigator.doNotTrack === '1';
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => (b + 256).toString(16).slice(1)).join('');

// The id of this browser: that of the page around, else one of our own. In a frame nothing is kept.
const client = () => {
  if (asksNotToBeFollowed) return '';
  if (isWithin) return said.get('client') || random();
  try {
    const known = localStorage.getItem('headlight_id') || random();
    localStorage.setItem('headlight_id', known);
    return known;
  } catch (e) {
    return random();
  }
};

const told = {
  run: random(),
  client: client(),
  page: isWithin ? said.get('page') || '' : location.pathname,
  vin: '',
  year: null,
  make: '',
  model: '',
  trim: '',
  odometer: '',
  unit: 'miles',
  state: {},
};
let form = { store: 'the store', newest_year: new Date().getFullYear() + 1, questions: [] };

// ---- Making things.

const place = document.getElementById('step');
const status = document.getElementById('said');
const el = (name, props, ...children) => {
  const made = document.createElement(name);
  for (const [prop, value] of Object.entries(props || {})) {
    if (prop.startsWith('on')) made.addEventListener(prop.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(prop, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};
const say = (text, isWrong) => {
  status.textContent = text;
  status.className = isWrong ? 'wrong' : '';
};
const field = (label, input, hint) => {
  const id = input.id;
  const parts = [el('label', { for: id }, label), input];
  if (hint) {
    input.setAttribute('aria-describedby', id + '-hint');
    parts.push(el('p', { class: 'quiet', id: id + '-hint' }, hint));
  }
  return el('div', {}, ...parts);
};
const STEPS = ['Car', 'Miles', 'Condition', 'Result'];
let isFirst = true;
const show = (at, title, ...parts) => {
  const steps = STEPS.map((name, n) => el('li', { class: n < at ? 'done' : '', 'aria-current': n === at && 'step' }, name));
  document.getElementById('steps').replaceChildren(...steps);
  const heading = el('h2', { tabindex: '-1' }, title);
  place.replaceChildren(heading, ...parts.filter(Boolean));
  say('');
  // The page around keeps its focus until somebody begins here.
  if (!isFirst) heading.focus();
  isFirst = false;
};
const acts = (...buttons) => el('div', { class: 'acts' }, ...buttons.filter(Boolean));
const back = (to) => el('button', { type: 'button', class: 'plain', onclick: to }, 'Back');

// ---- Talking to the store.

const ask = async (path, body) => {
  const init = body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  let answer;
  try {
    answer = await fetch(path, Object.assign({ credentials: 'omit', referrerPolicy: 'no-referrer' }, init));
  } catch (e) {
    throw new Error('The store could not be reached. Your answers are still here; try again.');
  }
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(read.detail || 'That did not work. Your answers are still here; try again.');
  return read;
};
const withKey = (path) => path + '?key=' + encodeURIComponent(key);
const step = (name) => ask(withKey('/trade/answers'), Object.assign({ step: name }, told));
const quietly = (name) => step(name).catch(() => {});

// What a form does when it is sent: once at a time, and what goes wrong is said.
const sends = (does) => async (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button[type=submit]');
  if (button.disabled) return;
  button.disabled = true;
  say('');
  try {
    await does();
  } catch (problem) {
    say(problem.message, true);
  }
  button.disabled = false;
};
const wrong = (id, text) => {
  for (const marked of place.querySelectorAll('[aria-invalid]')) marked.removeAttribute('aria-invalid');
  const input = document.getElementById(id);
  if (input) {
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  }
  say(text, true);
};

// ---- Which car?

let hasBegun = false;
const begin = () => {
  if (hasBegun) return;
  hasBegun = true;
  quietly('start');
};

const options = (list, values) => list.replaceChildren(...values.map((value) => el('option', { value })));

const askCar = () => {
  const vin = el('input', { id: 'vin', value: told.vin, maxlength: '25', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' });
  const years = [el('option', { value: '' }, 'Choose')];
  for (let year = form.newest_year; year >= 1960; year -= 1) years.push(el('option', { value: year, selected: told.year === year }, year));
  const year = el('select', { id: 'year' }, ...years);
  const make = el('input', { id: 'make', value: told.make, list: 'makes', autocomplete: 'off', maxlength: '60' });
  const model = el('input', { id: 'model', value: told.model, list: 'models', autocomplete: 'off', maxlength: '60' });
  const trim = el('input', { id: 'trim', value: told.trim, autocomplete: 'off', maxlength: '60' });
  const makes = el('datalist', { id: 'makes' });
  const models = el('datalist', { id: 'models' });
  const meant = el('div', { class: 'acts' });
  let lines = [];
  const fillModels = () => {
    const line = lines.find((one) => one.make.toLowerCase() === make.value.trim().toLowerCase());
    options(models, line ? line.models : []);
  };
  const fill = async () => {
    lines = year.value ? (await ask('/trade/lines?year=' + year.value).catch(() => ({ makes: [] }))).makes : [];
    options(makes, lines.map((line) => line.make));
    fillModels();
  };
  year.addEventListener('change', fill);
  make.addEventListener('input', fillModels);
  if (told.year) fill();

  const next = async () => {
    Object.assign(told, { vin: vin.value, year: Number(year.value) || null, make: make.value, model: model.value, trim: trim.value });
    const reply = await step('vehicle');
    if (reply.t === 'again') {
      // Numbers that may have been meant: one press takes one.
      const take = (number) => () => {
        vin.value = number;
        meant.replaceChildren();
        vin.focus();
      };
      meant.replaceChildren(...reply.meant.slice(0, 3).map((number) => el('button', { type: 'button', class: 'plain', onclick: take(number) }, 'Is it ' + number + '?')));
      return wrong(reply.field, reply.sentence);
    }
    if (reply.t === 'person') return byHand(reply, askCar);
    askMiles(reply.car);
  };
  const other = async () => {
    Object.assign(told, { vin: '', year: Number(year.value) || null, make: make.value, model: model.value, trim: '' });
    byHand({ car: '', sentence: 'This tool knows cars, trucks and vans built since 1981. For anything else somebody of the store will work out a figure. Say below what it is.' }, askCar);
  };
  show(
    0,
    'Which car is it?',
    el(
      'form',
      { onsubmit: sends(next), oninput: begin, novalidate: true },
      field('VIN', vin, '17 letters and digits, behind the windshield on the driver\u2019s side or on the registration.'),
      meant,
      el('p', {}, 'No VIN at hand? Say year, make and model.'),
      el('div', { class: 'two' }, field('Year', year), field('Make', make), field('Model', model), field('Trim, if you know it', trim)),
      makes,
      models,
      acts(el('button', { type: 'submit' }, 'Next'), el('button', { type: 'button', class: 'plain', onclick: other }, 'It is a motorcycle, an RV, a trailer or older')),
    ),
  );
};

// ---- Its miles and its state.

const askMiles = (car) => {
  const odometer = el('input', { id: 'odometer', value: told.odometer, inputmode: 'numeric', autocomplete: 'off', maxlength: '14' });
  const unit = el('select', { id: 'unit' }, ...['miles', 'kilometers'].map((one) => el('option', { value: one, selected: told.unit === one }, one)));
  const next = async () => {
    Object.assign(told, { odometer: odometer.value, unit: unit.value });
    const reply = await step('miles');
    if (reply.t === 'again') return reply.field === 'odometer' ? wrong('odometer', reply.sentence) : askCar();
    askState(reply.car);
  };
  show(
    1,
    'How far has it been driven?',
    el('p', { class: 'quiet' }, car),
    el(
      'form',
      { onsubmit: sends(next), novalidate: true },
      el('div', { class: 'two' }, field('Odometer', odometer, 'Leave it empty if you do not know; the range will be wider.'), field('Counts in', unit)),
      acts(el('button', { type: 'submit' }, 'Next'), back(askCar)),
    ),
  );
};

const askState = (car) => {
  const asked = form.questions.map((question) => {
    const choice = (grade, says, example) => {
      const input = el('input', {
        type: 'radio',
        name: question.aspect,
        value: grade,
        checked: (told.state[question.aspect] || 'unknown') === grade,
        onchange: () => (told.state[question.aspect] = grade),
      });
      return el('label', { class: 'choice' }, input, el('span', {}, el('b', {}, says), el('span', {}, example)));
    };
    const choices = question.answers.map((answer) => choice(answer.grade, answer.says, answer.example));
    return el('fieldset', {}, el('legend', {}, question.asks), ...choices, choice('unknown', 'I am not sure', 'The range will be wider.'));
  });
  const next = async () => {
    const reply = await step('result');
    if (reply.t === 'again') return reply.field === 'odometer' ? askMiles(car) : askCar();
    if (reply.t === 'person') return byHand(reply, () => askState(car));
    showRange(reply);
  };
  show(
    2,
    'What is it like?',
    el('p', { class: 'quiet' }, car),
    el('form', { onsubmit: sends(next) }, ...asked, acts(el('button', { type: 'submit' }, 'Show the range'), back(() => askMiles(car)))),
  );
};

// ---- The result, and to whom it shall be sent.

const dollars = (cents) => Math.round(cents / 100).toLocaleString('en-US');
const list = (title, lines) => (lines.length ? el('section', {}, el('h2', {}, title), el('ul', { class: 'why' }, ...lines.map((line) => el('li', {}, line)))) : null);

const showRange = (reply) => {
  const range = '$' + dollars(reply.low_cents) + '\u2013' + dollars(reply.high_cents);
  const send = el('button', { type: 'button', onclick: () => send.replaceWith(contact()) }, 'Send me this');
  show(
    3,
    'About what we would give for it',
    el('p', { class: 'quiet' }, reply.car),
    el('p', { class: 'range' }, range),
    el('p', { class: 'quiet' }, 'US dollars. An estimate, not an offer: eight of ten such cars lie within it. The figure is named when somebody has seen the car.'),
    list('Why', reply.reasons),
    list('What would raise it', reply.raises),
    reply.raises.length ? el('p', { class: 'quiet' }, 'A repair may cost more than it adds. Ask us before you spend.') : null,
    acts(send, back(() => askState(reply.car))),
  );
  say('The range is ' + range + '.');
};

// No table speaks of this car.
const byHand = (reply, to) => {
  show(3, 'A person will name the figure', reply.car ? el('p', { class: 'quiet' }, reply.car) : null, el('p', {}, reply.sentence), contact(true), acts(back(to)));
};

const contact = (isByHand) => {
  let isBegun = false;
  const begun = () => {
    if (isBegun) return;
    isBegun = true;
    quietly('contact');
  };
  const name = el('input', { id: 'name', autocomplete: 'name', maxlength: '100' });
  const phone = el('input', { id: 'phone', type: 'tel', autocomplete: 'tel', maxlength: '30' });
  const email = el('input', { id: 'email', type: 'email', autocomplete: 'email', maxlength: '120' });
  const words = el('textarea', { id: 'words', rows: '3', maxlength: '1000' });
  const mayText = el('input', { type: 'checkbox', id: 'may-text' });
  const send = async () => {
    const body = { name: name.value, phone: phone.value, email: email.value, may_text: mayText.checked, comments: words.value };
    await ask(withKey('/trade/contact'), Object.assign(body, told));
    made.replaceWith(el('p', { id: 'sent' }, isByHand ? 'It is with ' + form.store + '. Somebody will look at it and call with a figure.' : 'It is with ' + form.store + '. Somebody will send it to you.'));
    say('Sent.');
  };
  const made = el(
    'form',
    { onsubmit: sends(send), oninput: begun, novalidate: true },
    el('h2', {}, isByHand ? 'Where can we reach you?' : 'Where shall we send it?'),
    field('Name', name),
    el('div', { class: 'two' }, field('Phone', phone), field('Email', email)),
    field(isByHand ? 'What is it, and in what state?' : 'Anything we should know?', words),
    el('label', { class: 'choice' }, mayText, el('span', {}, el('b', {}, form.store + ' may text me about my car'), el('span', {}, 'Not needed to get your result. Message and data rates may apply; reply STOP to end.'))),
    acts(el('button', { type: 'submit' }, isByHand ? 'Ask for a figure' : 'Send')),
  );
  return made;
};

// ---- From here on.

if (isWithin && parent !== window) {
  const main = document.getElementById('tool');
  const tell = () => parent.postMessage({ headlightTradeHeight: main.offsetHeight }, '*');
  new ResizeObserver(tell).observe(main);
}
try {
  form = await ask('/trade/form');
  document.getElementById('store').textContent = 'An honest range from ' + form.store + ', in a minute. You need not say who you are.';
  askCar();
} catch (problem) {
  say(problem.message, true);
}
