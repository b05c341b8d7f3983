// The site tag: tells the store what a shopper looks at. Random first-party id, no third-party cookie, no fingerprint.
// <script async src="https://STORE:PORT/tag.js" data-key="KEY"></script>
(function () {
  "use strict";
  try {
    var script = document.currentScript || document.querySelector('script[src*="/tag.js"]');
    var key = script && script.getAttribute("data-key");
    // A shopper who asked not to be followed (Global Privacy Control) is not.
    if (!key || navigator.globalPrivacyControl) return;
    var address = new URL("/collect?key=" + encodeURIComponent(key), script.src).href;
    var queue = [];
    var timer = 0;

    var client = (function () {
      var name = "headlight_id";
      try {
        var kept = localStorage.getItem(name);
        if (kept) return kept;
        var bytes = crypto.getRandomValues(new Uint8Array(16));
        var made = Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
        localStorage.setItem(name, made);
        return made;
      } catch (e) {
        return "page-" + Math.random().toString(36).slice(2);
      }
    })();

    function flush() {
      timer = 0;
      if (!queue.length) return;
      var events = queue.splice(0, 50);
      var body = JSON.stringify({ client_id: client, events: events });
      // Plain text needs no permission round trip between sites.
      if (!(navigator.sendBeacon && navigator.sendBeacon(address, new Blob([body], { type: "text/plain" })))) {
        fetch(address, { method: "POST", body: body, keepalive: true, mode: "no-cors" }).catch(function () {
          queue = events.concat(queue).slice(0, 200);
          timer = timer || setTimeout(flush, 5000);
        });
      }
    }

    function send(name, params) {
      queue.push({ name: name, params: params || {}, timestamp_micros: Date.now() * 1000 });
      timer = timer || setTimeout(flush, 300);
    }

    // Only names of the dealer sites' own standard, with or without the prefix tag managers put before them.
    function isStandard(name) { return typeof name === "string" && /^(dl_|website\.)?asc_/.test(name); }

    function takeFrom(list) {
      if (!list) return false;
      var any = false;
      for (var i = 0; i < list.length; i++) any = take(list[i]) || any;
      var push = list.push;
      list.push = function () {
        for (var n = 0; n < arguments.length; n++) take(arguments[n]);
        return push.apply(list, arguments);
      };
      return any;
    }

    function take(entry) {
      if (!entry || !isStandard(entry.event)) return false;
      var params = {};
      for (var field in entry) if (field !== "event" && typeof entry[field] !== "function") params[field] = entry[field];
      if (entry.items && entry.items[0]) for (var item in entry.items[0]) params[item] = entry.items[0][item];
      delete params.items;
      send(entry.event, params);
      return true;
    }

    // The page's own description of its car, or a VIN in the address.
    function car() {
      var blocks = document.querySelectorAll('script[type="application/ld+json"]');
      for (var i = 0; i < blocks.length; i++) {
        try {
          var data = JSON.parse(blocks[i].textContent);
          var list = [].concat(data["@graph"] || data);
          for (var n = 0; n < list.length; n++) {
            var vin = list[n].vehicleIdentificationNumber;
            if (vin) return { item_id: String(vin), item_number: list[n].sku ? String(list[n].sku) : undefined };
          }
        } catch (e) { /* somebody else's block */ }
      }
      var found = /\b[A-HJ-NPR-Z0-9]{17}\b/i.exec(location.pathname + location.search);
      return found && /[0-9]/.test(found[0]) ? { item_id: found[0].toUpperCase() } : null;
    }

    function page() {
      var here = car();
      var params = here || {};
      params.page_location = location.origin + location.pathname;
      send(here ? "asc_item_pageview" : "asc_pageview", params);
    }

    var layer = window.asc_datalayer;
    var told = takeFrom(layer && layer.events) | takeFrom((window.dataLayer = window.dataLayer || []));
    if (!told) {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", page);
      else page();
    }
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") flush(); });
  } catch (e) { /* the dealer's page comes first */ }
})();
