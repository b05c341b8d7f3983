// Puts the trade-in tool into a page of the store's website.
//
// <div id="headlight-trade"></div>
// <script async src="https://STORE/trade.js" data-key="KEY"></script>
//
// Without a place of that name the tool stands where the script does. It runs in a frame of the store's own, so that it can neither break
// the page nor be broken by it. It sets nothing and reads one thing: the id of this browser that the site tag keeps, unless the shopper
// asked not to be followed (Global Privacy Control, Do Not Track). Plain ES2017, served as it is without its comments.
(function () {
  'use strict';
  try {
    const here = document.currentScript || document.querySelector('script[src*="/trade.js"]');
    const source = new URL(here.src, location.href);
    const key = here.getAttribute('data-key') || source.searchParams.get('key');
    if (!key) return;
    const asksNotToBeFollowed = navigator.globalPrivacyControl || navigator.doNotTrack === '1' || window.doNotTrack === '1';

    const client = () => {
      if (asksNotToBeFollowed) return '';
      let known = null;
      try {
        known = localStorage.getItem('headlight_id');
      } catch (e) {
        // A page that keeps nothing; the cookie may.
      }
      known = known || (/(?:^|; )headlight_id=([^;]+)/.exec(document.cookie) || [])[1];
      if (known) return known;
      // The site's tag may come after this: it goes on with the number that it finds.
      const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => (b + 256).toString(16).slice(1)).join('');
      try {
        localStorage.setItem('headlight_id', made);
        return made;
      } catch (e) {
        return '';
      }
    };

    const frame = document.createElement('iframe');
    const page = new URL('/trade', source);
    page.searchParams.set('key', key);
    // What stands behind the # is sent to nobody, and is in no log.
    const say = new URLSearchParams({ within: '1', page: location.pathname, client: client() });
    if (asksNotToBeFollowed) say.set('quiet', '1');
    frame.src = page.href + '#' + say;
    frame.title = here.getAttribute('data-title') || 'What is your car worth?';
    frame.referrerPolicy = 'no-referrer';
    frame.loading = 'lazy';
    for (const [name, value] of [['width', '100%'], ['height', '560px'], ['border', '0'], ['display', 'block']]) frame.style.setProperty(name, value);

    addEventListener('message', (event) => {
      const height = event.data && event.data.headlightTradeHeight;
      if (event.source !== frame.contentWindow || event.origin !== page.origin || !(height > 0 && height < 10000)) return;
      frame.style.setProperty('height', Math.ceil(height) + 'px');
    });

    const put = () => {
      const place = document.getElementById('headlight-trade');
      if (place) place.appendChild(frame);
      else if (here.parentNode && here.parentNode !== document.head) here.parentNode.insertBefore(frame, here.nextSibling);
      else document.body.appendChild(frame);
    };
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', put);
    else put();
  } catch (e) {
    // The dealer's page comes first.
  }
})();
