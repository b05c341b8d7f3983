// The site tag: tells the store what a shopper looks at.
//
// <script async src="https://STORE/tag.js" data-key="KEY"></script>
//
// What it keeps to. The dealer's page comes first: nothing here throws into it, waits for it or changes it. A random first-party id, no
// third-party cookie, no fingerprint, nothing that anybody typed. A shopper who asked not to be followed (Global Privacy Control, Do Not
// Track) is not: nothing is read, kept or sent. Plain ES2017, served as it is without its comments.
(function () {
  'use strict';
  const safe = (does) => function () {
    try {
      return does.apply(this, arguments);
    } catch (e) {
      // The dealer's page comes first.
    }
  };

  safe(() => {
    const here = document.currentScript || document.querySelector('script[src*="/tag.js"]');
    const source = new URL(here.src, location.href);
    // Tag managers may drop what stands beside the address.
    const key = here.getAttribute('data-key') || source.searchParams.get('key');

    // The mark of a link of ours leaves the address before anybody copies it.
    const MARK = /[?&]hl=([\w-]{32})(?=&|$)/;
    let mark = (MARK.exec(location.search) || [])[1];
    if (mark) history.replaceState(history.state, '', location.pathname + location.search.replace(MARK, '').replace(/^&/, '?') + location.hash);

    const asksNotToBeFollowed = navigator.globalPrivacyControl || navigator.doNotTrack === '1' || window.doNotTrack === '1';
    if (!key || asksNotToBeFollowed || window.headlightTag) return;
    window.headlightTag = true;

    const collect = new URL('/collect?key=' + encodeURIComponent(key), source).href;
    const BATCH_MS = 1000;
    const BATCH_MOST = 10;
    const TRIES_MOST = 6;
    const TRY_MS = 2000;
    const UNSENT_MOST = 100;
    const TEXT_MOST = 200;
    // A page that pushes without end is heard so far.
    const EVENTS_MOST = 300;
    // How long the page's own words are waited for before its address and its markup speak.
    const SILENT_MS = 1500;

    // ---- Who: a random id of this browser on this site.

    const UNSENT = 'headlight_unsent';
    const held = (store, name, value) => {
      try {
        if (value === undefined) return window[store].getItem(name);
        value === null ? window[store].removeItem(name) : window[store].setItem(name, value);
        return value;
      } catch (e) {
        return null;
      }
    };
    const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => (b + 256).toString(16).slice(1)).join('');
    const ID = 'headlight_id';
    const cookie = (name) => (new RegExp('(?:^|; )' + name + '=([^;]+)').exec(document.cookie) || [])[1];
    let client = held('localStorage', ID) || cookie(ID);
    if (!client) {
      client = random();
      if (!held('localStorage', ID, client)) document.cookie = ID + '=' + client + '; path=/; max-age=34560000; SameSite=Lax';
    }

    // ---- Sending: a batch a second; what the store did not take stays with the tab and goes again. The store counts it once.

    let queue = [];
    let unsent = [].concat(safe(() => JSON.parse(held('sessionStorage', UNSENT)))() || []);
    let timer = 0;
    let tries = 0;
    let underWay = false;
    let isFirst = true;

    const keep = () => {
      unsent = unsent.slice(-UNSENT_MOST);
      held('sessionStorage', UNSENT, unsent.length ? JSON.stringify(unsent) : null);
    };
    const later = (ms) => {
      timer = timer || setTimeout(safe(flush), ms);
    };
    const body = (events) => JSON.stringify({ client_id: client, sent_at: Date.now(), events });

    // What the page says itself is not said for it.
    const take = () => {
      for (const { name, timestamp_micros, params, own } of queue) {
        if (!own || !told[family(name)]) unsent.push({ name, timestamp_micros, params });
      }
      queue = [];
      keep();
    };

    function flush() {
      timer = 0;
      scan();
      take();
      if (!unsent.length || underWay || tries >= TRIES_MOST) return;
      const events = unsent.slice(0, 5 * BATCH_MOST);
      // Plain text needs no permission round trip between sites.
      fetch(collect, { method: 'POST', body: body(events), keepalive: true, credentials: 'omit', referrerPolicy: 'no-referrer' }).then(
        safe((answer) => {
          underWay = false;
          if (answer.status >= 500 || answer.status === 429) return again();
          // Taken, or refused for good.
          tries = 0;
          unsent = unsent.filter((event) => !events.includes(event));
          keep();
          if (unsent.length) later(BATCH_MS);
        }),
        safe(() => {
          underWay = false;
          again();
        }),
      );
      underWay = true;
    }

    function again() {
      tries += 1;
      later(TRY_MS * 2 ** tries);
    }

    // The page goes: sent without an answer, and kept, so that the next page sends it once more should it be lost.
    const leave = safe(() => {
      if (viewed !== place()) view();
      scan();
      take();
      if (unsent.length) navigator.sendBeacon(collect, new Blob([body(unsent.slice(-5 * BATCH_MOST))], { type: 'text/plain' }));
    });

    // ---- What: names of the dealer sites' own standard and of GA4, with parameters that name no person.

    const STANDARD = /^(?:website\.|dl_)*asc_\w+$/i;
    const GA4 = /^(?:view_item|view_item_list|generate_lead|form_start|form_submit|search|share|view_promotion|select_promotion)$/;
    const KNOWN = new RegExp(
      '^(?:(?:item|element)_\\w+|page_type|department|affiliation|event_owner|product_name|event_action(?:_result)?|form_(?:name|type|submission_id)' +
        '|(?:submission|lead|comm|conversation)_id|comm_(?:type|status|outcome)|flow_(?:name|outcome|status)|promotion_name|media_type|link_url' +
        '|price|vin|stock_number)$',
    );
    // GA4's names of the same things: of a page that speaks the Council's, they are an echo.
    const SAME = {
      view_item: 'item_pageview',
      view_item_list: 'itemlist_pageview',
      generate_lead: 'form_submission',
      form_submit: 'form_submission',
      form_start: 'form_engagement',
      view_promotion: 'special_offer',
      select_promotion: 'special_offer',
    };
    const told = {};
    const family = (name) => {
      const plain = name.toLowerCase().replace(/^(?:website\.|dl_)*(?:asc_)?/, '').replace('page_view', 'pageview');
      return SAME[plain] || plain.replace(/^(form_submission).*/, '$1');
    };
    const place = () => location.pathname + location.search;
    // The address for which a view was told, by the page or for it.
    let viewed = '';

    const clean = (from, into) => {
      for (const name of Object.keys(from || {})) {
        const value = from[name];
        const isPlain = typeof value === 'string' ? !value.includes('@') : typeof value === 'number' || typeof value === 'boolean';
        if (KNOWN.test(name) && isPlain && into[name] === undefined) into[name] = typeof value === 'string' ? value.slice(0, TEXT_MOST) : value;
      }
      return into;
    };

    let sent = 0;
    const send = (name, params, own) => {
      sent += 1;
      if (sent > EVENTS_MOST) return;
      params.page_location = location.origin + location.pathname + (location.search.match(/[?&]utm_[^&]*/g) || []).join('').replace(/^&/, '?');
      if (isFirst) {
        isFirst = false;
        // What the site's own analytics calls this browser: its forms may send it along.
        const ga = /^GA1\.\d+\.([\d.]+)$/.exec(cookie('_ga') || '');
        if (ga) params.ga_client_id = ga[1];
      }
      if (mark) params.hl = mark;
      mark = '';
      queue.push({ name, timestamp_micros: Date.now() * 1000 + sent, params, own });
      if (queue.length >= BATCH_MOST) flush();
      else later(BATCH_MS);
    };

    // An entry of a data layer: `{event, ...}`, or what gtag() was called with.
    const hear = (entry, page) => {
      if (!entry || typeof entry !== 'object') return;
      const isCall = entry[0] === 'event';
      const name = isCall ? entry[1] : entry.event;
      if (typeof name !== 'string') return;
      const isStandard = STANDARD.test(name);
      if (!isStandard && !GA4.test(name)) return;
      const said = isCall ? entry[2] || {} : Object.assign({}, entry.ecommerce, entry);
      const params = {};
      clean(said, params);
      clean((said.items || (page && page.items) || [])[0], params);
      clean(page, params);
      const kind = family(name);
      if (isStandard) told[kind] = true;
      // Some sites say of a car's page no more than that it is one; then the car is still to be told.
      const isCarUntold = kind === 'pageview' && /^(?:item|vdp)$/.test(params.page_type);
      if (/pageview$/.test(kind) && !isCarUntold) viewed = place();
      if (kind === 'item_pageview' && !/^[A-HJ-NPR-Z0-9]{17}$/i.test(params.item_id || '')) clean(car(), params);
      send(name, params, !isStandard);
    };

    // Both layers may be there before or after us, and others may have put their own push in front: theirs stays, and is called.
    const seen = new WeakSet();
    const wrapped = new WeakSet();
    const listen = (list, page) => {
      if (!Array.isArray(list)) return;
      if (!wrapped.has(list)) {
        wrapped.add(list);
        const push = list.push;
        const value = function () {
          for (const entry of arguments) {
            if (entry && typeof entry === 'object') seen.add(entry);
            safe(hear)(entry, page);
          }
          return push.apply(this, arguments);
        };
        Object.defineProperty(list, 'push', { value, configurable: true, writable: true });
      }
      for (const entry of list.slice(-300)) {
        if (!entry || typeof entry !== 'object' || seen.has(entry)) continue;
        seen.add(entry);
        hear(entry, page);
      }
    };
    const scan = safe(() => {
      const layer = window.asc_datalayer;
      if (layer) listen(Array.isArray(layer) ? layer : layer.events, Array.isArray(layer) ? undefined : layer);
      listen((window.dataLayer = window.dataLayer || []));
    });

    // ---- When the page says nothing: its markup, its address.

    // The check digit of North America (49 CFR 565.15).
    const isVin = (text) => {
      if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(text) || !/\d{4}$/.test(text)) return false;
      const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
      const value = (c) => (c >= '0' && c <= '9' ? +c : +'12345678.12345.7.923456789'[c.charCodeAt(0) - 65]);
      const rest = Array.from(text).reduce((sum, c, i) => sum + weights[i] * value(c), 0) % 11;
      return text[8] === (rest === 10 ? 'X' : String(rest));
    };
    const vinOfAddress = () => (place().toUpperCase().match(/[A-HJ-NPR-Z0-9]{17,}/g) || []).find(isVin);

    const text = (value) => (value && typeof value === 'object' ? text(value.name || value.value || value['@value']) : value);
    const vehicles = (data, found) => {
      if (Array.isArray(data)) data.forEach((one) => vehicles(one, found));
      else if (data && typeof data === 'object') {
        if (data.vehicleIdentificationNumber || /\b(?:Vehicle|Car|Motorcycle)\b/.test([].concat(data['@type']).join(' '))) found.push(data);
        else Object.keys(data).forEach((name) => vehicles(data[name], found));
      }
      return found;
    };
    const described = () => {
      const found = [];
      document.querySelectorAll('script[type="application/ld+json"]').forEach(safe((block) => vehicles(JSON.parse(block.textContent), found)));
      document.querySelectorAll('[itemprop="vehicleIdentificationNumber"]').forEach((mark) => {
        const whole = mark.closest('[itemscope]') || mark;
        const said = (name) => {
          const at = whole.querySelector('[itemprop="' + name + '"]');
          return at && (at.getAttribute('content') || at.textContent).trim();
        };
        const one = { vehicleIdentificationNumber: (mark.getAttribute('content') || mark.textContent).trim() };
        for (const name of ['sku', 'brand', 'model', 'vehicleModelDate', 'color']) one[name] = said(name);
        found.push(one);
      });
      return found;
    };
    // The one car of this page: of several that are described only the one in the address.
    const car = () => {
      const all = described();
      const vin = vinOfAddress();
      const number = (one) => String(one.vehicleIdentificationNumber).toUpperCase();
      const isAlone = all.length > 0 && all.every((one) => number(one) === number(all[0]));
      const one = all.find((one) => number(one) === vin) || (isAlone ? all[0] : {});
      const offer = [].concat(one.offers)[0] || {};
      const params = clean(
        {
          item_id: text(one.vehicleIdentificationNumber) || vin,
          item_number: text(one.sku) || text(one.mpn),
          item_year: text(one.vehicleModelDate) || text(one.modelDate),
          item_make: text(one.brand) || text(one.manufacturer),
          item_model: text(one.model),
          item_variant: text(one.vehicleConfiguration),
          item_color: text(one.color),
          item_category: text(one.bodyType),
          item_price: text(offer.price),
        },
        {},
      );
      return params.item_id || params.item_number ? params : null;
    };
    const pageType = () => {
      const path = location.pathname.toLowerCase();
      const kinds = [
        ['hours-directions', /hours|directions/],
        ['finance', /financ|credit|payment/],
        ['trade', /trade|sell-your|value-your/],
        ['service', /service|parts/],
        ['contact', /contact/],
        ['itemlist', /inventory|search|vehicles|cars-for-sale|\/(?:new|used|certified)[\w-]*\/?$/],
      ];
      return path === '/' ? 'home' : (kinds.find(([, words]) => words.test(path)) || ['custom'])[0];
    };

    const view = safe(() => {
      viewed = place();
      const found = car();
      const type = found ? 'item' : described().length > 1 ? 'itemlist' : pageType();
      const name = { item: 'asc_item_pageview', itemlist: 'asc_itemlist_pageview' }[type] || 'asc_pageview';
      send(name, Object.assign({ page_type: type }, found), true);
    });
    let shown = place();
    const look = () => {
      scan();
      if (viewed !== place()) view();
    };
    const wait = () => setTimeout(safe(look), SILENT_MS);

    // ---- Seen to be done, whatever the page says of it: a phone number tapped, a form begun and sent.

    const named = (form) => ({ form_name: form.getAttribute('name') || form.getAttribute('id') || form.getAttribute('aria-label') || undefined });
    const REACHES = 'input[type=email],input[type=tel],textarea,[name*=phone i],[name*=email i]';
    const asks = (form) => form instanceof HTMLFormElement && form.querySelector(REACHES);
    const begun = new WeakSet();
    const on = (kind, does) => document.addEventListener(kind, safe(does), { capture: true, passive: true });
    on('click', (event) => {
      const link = event.target.closest && event.target.closest('a[href^="tel:"]');
      if (link) send('asc_click_to_call', { comm_type: 'voice' }, true);
    });
    on('input', (event) => {
      const form = event.target.form;
      if (!asks(form) || begun.has(form)) return;
      begun.add(form);
      send('asc_form_engagement', named(form), true);
    });
    on('submit', (event) => {
      const form = event.target;
      if (!asks(form)) return;
      const params = named(form);
      // A field of this name is put there for us: what it carries, the lead carries.
      const field = form.querySelector('input[type=hidden][name=hl_submission]');
      if (field) params.submission_id = field.value = field.value || 'hl-' + random();
      send('asc_form_submission', params, true);
    });

    // ---- From here on.

    const start = safe(() => {
      addEventListener('pagehide', leave);
      document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
      scan();
      if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', wait);
      else wait();
      if (unsent.length) later(BATCH_MS);
      // Layers that come late, and pages that change without a load.
      setInterval(
        safe(() => {
          scan();
          if (shown === place()) return;
          shown = place();
          wait();
        }),
        BATCH_MS,
      );
    });
    // A page that a browser makes ready before anybody asks for it is not looked at.
    if (document.prerendering) document.addEventListener('prerenderingchange', start, { once: true });
    else start();
  })();
})();
