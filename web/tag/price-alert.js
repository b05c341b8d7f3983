// The price alert: a form for the page of one car, by which a shopper asks to be told when it costs less.
//
// <script async src="https://STORE/price-alert.js" data-key="KEY" data-stock="24117"></script>
//
// It stands where the script stands, or in the element with data-headlight-price-alert. What it keeps to: it lives in a shadow of its own,
// so that neither the page's style nor its own reaches the other; nothing in it throws into the page; the box that lets the store write is
// apart and empty, and its words are the ones that the store keeps. Plain ES2017, served without its comments.
(function () {
  'use strict';
  const here = document.currentScript || document.querySelector('script[src*="/price-alert.js"]');
  const WORDS = { text: '%TEXT_WORDS%', email: '%EMAIL_WORDS%' };

  const STYLE =
    ':host{all:initial;display:block;max-width:420px;font:15px/1.45 system-ui,sans-serif;color:#14161c}' +
    'button,input{font:inherit;color:inherit}input{font-weight:400}' +
    'button{min-height:44px;padding:0 16px;border:1px solid #14161c;border-radius:8px;background:#fff;font-weight:600;cursor:pointer}' +
    'button[type=submit]{background:#14161c;color:#fff;width:100%}button[disabled]{opacity:.6;cursor:default}' +
    'form{display:grid;gap:12px;margin-top:8px;padding:16px;border:1px solid #8b8f99;border-radius:10px;background:#fff}[hidden]{display:none!important}' +
    'h2{margin:0;font-size:17px}fieldset{display:flex;gap:20px;margin:0;padding:0;border:0}legend{padding:0;font-weight:600}' +
    'label{display:grid;gap:4px;font-weight:600}label.row{display:flex;gap:10px;align-items:flex-start;font-weight:400;min-height:24px}' +
    'input[type=text],input[type=tel],input[type=email]{box-sizing:border-box;width:100%;height:44px;padding:0 10px;border:1px solid #6b7080;border-radius:8px;background:#fff}' +
    'input[type=checkbox],input[type=radio]{width:20px;height:20px;margin:1px 0 0;flex:none;accent-color:#14161c}' +
    'small{font-size:13px;font-weight:400}.terms{font-size:13px}.bad{margin:0;color:#a3160d;font-weight:600}' +
    '[role=status]{margin:0}[role=status]:not(:empty){padding:12px 16px;border:1px solid #8b8f99;border-radius:10px;background:#fff}' +
    '@media (pointer:coarse){label.row{min-height:44px;align-items:center}}' +
    '[aria-invalid=true]{border-color:#a3160d}:focus-visible{outline:3px solid #2450c8;outline-offset:2px}' +
    '@media (prefers-color-scheme:dark){:host([data-dark]){color:#f2f3f5}:host([data-dark]) form,:host([data-dark]) input,:host([data-dark]) button,:host([data-dark]) [role=status]:not(:empty){background:#1b1e25;color:#f2f3f5;border-color:#8b8f99}:host([data-dark]) .bad{color:#ff8a80}}';

  const safe = (does) => function () {
    try {
      return does.apply(this, arguments);
    } catch (e) {
      // The dealer's page comes first.
    }
  };

  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  safe(() => {
    const source = new URL(here.src, location.href);
    const said = (name) => here.getAttribute('data-' + name) || source.searchParams.get(name) || '';
    const key = said('key');
    // A page that describes its car in the dealer sites' own words need not say it twice.
    const layer = (((window.asc_datalayer || {}).items || [])[0]) || {};
    const stock = said('stock') || String(layer.item_number || '');
    const vin = said('vin') || String(layer.item_id || '');
    if (!key || !(stock || vin) || here.headlightPriceAlert) return;
    here.headlightPriceAlert = true;

    const host = make('div', { 'data-headlight': 'price-alert' });
    if (said('dark')) host.setAttribute('data-dark', '');
    const root = host.attachShadow({ mode: 'open' });
    const style = make('style');
    style.textContent = STYLE;

    const opener = make('button', { type: 'button', 'aria-expanded': 'false' }, 'Tell me when the price drops');
    const contact = make('input', { type: 'tel', autocomplete: 'tel', id: 'to', required: '', 'aria-describedby': 'bad' });
    const contactLabel = make('label', { for: 'to' }, 'Mobile number');
    contactLabel.append(contact);
    const name = make('input', { type: 'text', autocomplete: 'name', maxlength: '80' });
    const below = make('input', { type: 'text', inputmode: 'numeric', maxlength: '10', placeholder: 'any drop' });
    const agreed = make('input', { type: 'checkbox', 'aria-describedby': 'bad' });
    const words = make('span', { class: 'terms' }, WORDS.text);
    const similar = make('input', { type: 'checkbox' });
    const bad = make('p', { class: 'bad', id: 'bad', role: 'alert' });
    const submit = make('button', { type: 'submit' }, 'Set the price alert');
    const by = ['text', 'email'].map((channel) => {
      const radio = make('input', { type: 'radio', name: 'channel', value: channel });
      radio.checked = channel === 'text';
      return make('label', { class: 'row' }, radio, channel === 'text' ? 'By text' : 'By email');
    });
    const form = make(
      'form',
      { novalidate: '', hidden: '', 'aria-labelledby': 'title' },
      make('h2', { id: 'title', tabindex: '-1' }, 'Tell me when the price drops'),
      make('fieldset', null, make('legend', null, 'How'), ...by),
      contactLabel,
      make('label', null, 'Your name (optional)', name),
      make('label', null, 'Only at this price or below, in dollars (optional)', below),
      make('label', { class: 'row' }, agreed, words),
      make('label', { class: 'row' }, similar, make('span', null, 'Also tell me when a car like it comes in')),
      bad,
      submit,
    );
    const done = make('p', { role: 'status' });

    const channel = () => form.querySelector('[name=channel]:checked').value;
    const fail = (sentence, field) => {
      bad.textContent = sentence;
      [contact, agreed, below].forEach((one) => one.setAttribute('aria-invalid', String(one === field)));
      if (field) field.focus();
    };

    opener.addEventListener('click', safe(() => {
      form.hidden = !form.hidden;
      opener.setAttribute('aria-expanded', String(!form.hidden));
      if (!form.hidden) contact.focus();
    }));
    form.addEventListener('change', safe((event) => {
      if (event.target.name !== 'channel') return;
      const isText = channel() === 'text';
      contactLabel.firstChild.textContent = isText ? 'Mobile number' : 'Email address';
      contact.type = isText ? 'tel' : 'email';
      contact.autocomplete = isText ? 'tel' : 'email';
      words.textContent = isText ? WORDS.text : WORDS.email;
      // Other words, another agreement.
      agreed.checked = false;
    }));

    // Known from the site tag, where the shopper lets it know anybody.
    const client = () => {
      const asksNotToBeFollowed = navigator.globalPrivacyControl || navigator.doNotTrack === '1' || window.doNotTrack === '1';
      try {
        return asksNotToBeFollowed ? null : localStorage.getItem('headlight_id');
      } catch (e) {
        return null;
      }
    };

    const FIELDS = { to: contact, agreed, below, name };
    const send = async () => {
      const wanted = below.value.replace(/[$,\s]/g, '').replace(/\.\d*$/, '');
      if (!contact.value.trim()) return fail(channel() === 'text' ? 'Please give your mobile number.' : 'Please give your email address.', contact);
      if (wanted && !/^\d{1,7}$/.test(wanted)) return fail('Please give the price in whole dollars, or leave it empty.', below);
      if (!agreed.checked) return fail('Please tick the box, so that we may write to you.', agreed);
      fail('', null);
      submit.disabled = true;
      const body = {
        vin, stock, channel: channel(), to: contact.value.trim(), name: name.value.trim(), below: wanted ? Number(wanted) : null,
        agreed: true, similar: similar.checked, client: client(),
      };
      const address = new URL('/price-alerts?key=' + encodeURIComponent(key), source).href;
      const answer = await fetch(address, { method: 'POST', body: JSON.stringify(body), credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => null);
      submit.disabled = false;
      if (answer && answer.ok) {
        form.hidden = true;
        opener.hidden = true;
        done.textContent = 'Thank you. We will write to you when the price drops.';
        return undefined;
      }
      const problem = answer ? await answer.json().catch(() => ({})) : {};
      return fail(problem.detail || 'That did not work. Please try again in a moment.', FIELDS[problem.code]);
    };
    form.addEventListener('submit', safe((event) => {
      event.preventDefault();
      if (!submit.disabled) send().catch(() => fail('That did not work. Please try again in a moment.', null));
    }));

    root.append(style, opener, form, done);
    const place = document.querySelector('[data-headlight-price-alert]');
    if (place) place.append(host);
    else here.after(host);
  })();
})();
